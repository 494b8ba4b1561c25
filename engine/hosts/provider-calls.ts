import type * as grpc from "@grpc/grpc-js";
import type { ErrorResourceInitFailed } from "@pulumi/pulumi/proto/provider_pb";
import { InitError } from "../model";
import type { NodeChild } from "./child";
import type { Sdk } from "./sdk";
import { propertiesFrom } from "./wire";

/** Makes one call; `doing` names what it is for, in the error of a process that died. */
export type Call = <Response>(
  doing: string,
  begin: (done: (error: grpc.ServiceError | null, response: Response) => void) => void,
) => Promise<Response>;

/** Calls of the provider in `child` that fail with what the provider said, or with how its process ended. */
export function providerCalls(sdk: Sdk, child: NodeChild): Call {
  return async (doing, begin) => {
    try {
      return await new Promise((resolve, reject) => {
        begin((error, response) => (error ? reject(error) : resolve(response)));
      });
    } catch (error) {
      if (!isServiceError(error)) {
        throw error;
      }
      if (error.code === sdk.grpc.status.UNAVAILABLE) {
        throw await processError(child, doing, error);
      }
      throw initErrorFrom(sdk, error) ?? new Error(error.details, { cause: error });
    }
  };
}

function isServiceError(error: unknown): error is grpc.ServiceError {
  return error instanceof Error && "details" in error && "metadata" in error;
}

/** The connection broke: the process has ended, or is about to. */
async function processError(child: NodeChild, doing: string, error: grpc.ServiceError): Promise<Error> {
  await child.stop();
  const { exitCode, signal, stderrTail } = await child.ended;
  const how = exitCode === null ? `killed by ${signal}` : `exit code ${exitCode}`;
  const output = stderrTail.length > 0 ? ["The end of its stderr:", ...stderrTail] : ["It wrote nothing to stderr."];
  return new Error([`The provider process ended (${how}) while ${doing}.`, ...output].join("\n"), { cause: error });
}

function initErrorFrom(sdk: Sdk, error: grpc.ServiceError): InitError | undefined {
  const [details] = error.metadata.get("grpc-status-details-bin");
  const failure = details === undefined ? null : unpackInitFailure(sdk, details);
  if (!failure) {
    return undefined;
  }
  const outputs = propertiesFrom(failure.getProperties());
  return new InitError(error.details, failure.getId(), outputs, failure.getReasonsList());
}

function unpackInitFailure(sdk: Sdk, details: string | Buffer): ErrorResourceInitFailed | null {
  const status = sdk.status.Status.deserializeBinary(Buffer.from(details));
  for (const detail of status.getDetailsList()) {
    const failure = detail.unpack(
      sdk.provider.ErrorResourceInitFailed.deserializeBinary,
      "pulumirpc.ErrorResourceInitFailed",
    );
    if (failure) {
      return failure;
    }
  }
  return null;
}
