import { Metadata, type ServiceError, status } from "@grpc/grpc-js";
import { ErrorResourceInitFailed } from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { Any } from "google-protobuf/google/protobuf/any_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { expectedError, type Properties, serializable } from "../host";

/** Between Pulumi's messages and plain values. */

/** A call the engine should not have made: the process goes on, and nothing is sent to ProcessMind. */
export class BadCall extends Error {
  constructor(
    readonly code: status.FAILED_PRECONDITION | status.INVALID_ARGUMENT | status.CANCELLED | status.UNIMPLEMENTED,
    message: string,
  ) {
    super(message);
  }
}

/** @throws BadCall for a struct that holds a value of no kind. */
export function propertiesFrom(struct: Struct | undefined, what: string): Properties {
  if (struct === undefined) return {};
  try {
    return struct.toJavaScript() as Properties;
  } catch {
    throw new BadCall(status.INVALID_ARGUMENT, `the ${what} are malformed: a value in them is of no kind`);
  }
}

/** As {@link propertiesFrom}, where the engine always sends them. */
export function requiredProperties(struct: Struct | undefined, what: string): Properties {
  if (struct === undefined) throw new BadCall(status.INVALID_ARGUMENT, `the ${what} are missing`);
  return propertiesFrom(struct, what);
}

export function structFrom(properties: Properties): Struct {
  // The declared parameter type forbids null, which the function accepts and Pulumi uses.
  return Struct.fromJavaScript(serializable(properties) as Parameters<typeof Struct.fromJavaScript>[0]);
}

const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";
const ASSET = "c44067f5952c0a294b673a41bacd8c17";
const ARCHIVE = "0def7320c3a5731c473e5ecbe6d01bc7";

/** Pulumi encrypts what is marked so. */
export function secret(value: unknown): Properties {
  return { [SIGNATURE]: SECRET, value };
}

/** Provider configuration arrives with its secrets marked, whatever the handshake said. */
export function withoutSecretMark(value: unknown): unknown {
  const { [SIGNATURE]: signature, value: content } = (value ?? {}) as Properties;
  return signature === SECRET ? content : value;
}

/** Whether a value is a file or an archive of files in Pulumi's sense. */
export function isAsset(value: unknown): value is Properties {
  const signature = (value as Properties | null | undefined)?.[SIGNATURE];
  return signature === ASSET || signature === ARCHIVE;
}

/** The path of a FileAsset; undefined for text, remote assets and archives. */
export function assetPath(asset: Properties): string | undefined {
  const { [SIGNATURE]: signature, path } = asset;
  return signature === ASSET && typeof path === "string" && path !== "" ? path : undefined;
}

/** The error in the form the engine reads: of a half-made object it records id and properties. */
export function serviceError(cause: unknown): Partial<ServiceError> {
  if (cause instanceof BadCall) return { code: cause.code, details: cause.message };
  const error = expectedError(cause);
  const metadata = new Metadata();
  if ("reasons" in error) metadata.set("grpc-status-details-bin", partialFailure(error as PartialFailure));
  return { code: status.UNKNOWN, details: error.message, metadata };
}

type PartialFailure = Error & { id: string; properties: Properties; reasons: string[] };

function partialFailure({ id, properties, reasons, message }: PartialFailure): Buffer {
  const failure = new ErrorResourceInitFailed().setId(id).setProperties(structFrom(properties)).setReasonsList(reasons);
  const detail = new Any();
  detail.pack(failure.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const whole = new Status().setCode(status.UNKNOWN).setMessage(message).setDetailsList([detail]);
  return Buffer.from(whole.serializeBinary());
}
