import type {
  GetRootResourceResponse,
  LogRequest,
  SetRootResourceRequest,
  SetRootResourceResponse,
} from "@pulumi/pulumi/proto/engine_pb";
import type { Empty } from "google-protobuf/google/protobuf/empty_pb";
import type { LogMessage, Severity } from "../model";
import { type ServedService, unary } from "./rpc-server";
import type { Sdk } from "./sdk";

/** Pulumi's Engine service: messages for the user, and the root resource. */
export function engineService(sdk: Sdk, log: (message: LogMessage) => void): ServedService {
  let rootUrn = "";
  return {
    definition: sdk.engineService.EngineService,
    handlers: {
      log: unary<LogRequest, Empty>(sdk, (request) => {
        log({
          severity: severityFrom(sdk, request.getSeverity()),
          message: request.getMessage(),
          urn: request.getUrn(),
          streamId: request.getStreamid(),
          ephemeral: request.getEphemeral(),
        });
        return new sdk.empty.Empty();
      }),
      getRootResource: unary<unknown, GetRootResourceResponse>(sdk, () =>
        new sdk.engine.GetRootResourceResponse().setUrn(rootUrn),
      ),
      setRootResource: unary<SetRootResourceRequest, SetRootResourceResponse>(sdk, (request) => {
        rootUrn = request.getUrn();
        return new sdk.engine.SetRootResourceResponse();
      }),
    },
  };
}

function severityFrom({ engine }: Sdk, severity: LogRequest.AsObject["severity"]): Severity {
  switch (severity) {
    case engine.LogSeverity.DEBUG:
      return "debug";
    case engine.LogSeverity.WARNING:
      return "warning";
    case engine.LogSeverity.ERROR:
      return "error";
    default:
      return "info";
  }
}

/** Marks what a process printed, to distinguish it from what was reported. */
const PRINTED = 1;

/** A line a process printed, as the message Pulumi makes of it: not an error, whichever stream it came on. */
export function printedLine(message: string): LogMessage {
  return { severity: "info", message, urn: "", streamId: PRINTED, ephemeral: false };
}
