import type {
  ReadResourceRequest,
  ReadResourceResponse,
  RegisterResourceOutputsRequest,
  RegisterResourceRequest,
  RegisterResourceResponse,
  SupportsFeatureRequest,
  SupportsFeatureResponse,
} from "@pulumi/pulumi/proto/resource_pb";
import type { Empty } from "google-protobuf/google/protobuf/empty_pb";
import type { Monitor, Properties } from "../model";
import { withoutSecretProperties } from "../values";
import { readRequestFrom, registrationFrom } from "./requests";
import { type ServedService, unary } from "./rpc-server";
import type { Sdk } from "./sdk";
import { propertiesFrom, structFrom } from "./wire";

/** What the SDK may use. For the others it falls back, or reports to the program's author that they are missing. */
const FEATURES = new Set(["secrets", "resourceReferences", "deletedWith", "aliasSpecs"]);

/** The service the program registers its resources with, and whether the program said that it is done. */
export interface MonitorService {
  service: ServedService;
  signalled(): boolean;
}

/** Pulumi's ResourceMonitor service in front of the deployment. */
export function monitorService(sdk: Sdk, monitor: Monitor, rootDirectory: string): MonitorService {
  let signalled = false;
  const outputsFor = (acceptsSecrets: boolean, outputs: Properties) =>
    structFrom(sdk, acceptsSecrets ? outputs : withoutSecretProperties(outputs));
  const handlers = {
    supportsFeature: unary<SupportsFeatureRequest, SupportsFeatureResponse>(sdk, (request) =>
      new sdk.resource.SupportsFeatureResponse().setHassupport(FEATURES.has(request.getId())),
    ),
    registerResource: unary<RegisterResourceRequest, RegisterResourceResponse>(sdk, async (request) => {
      const registered = await monitor.registerResource(registrationFrom(request, rootDirectory));
      return new sdk.resource.RegisterResourceResponse()
        .setUrn(registered.urn)
        .setId(registered.id)
        .setObject(outputsFor(request.getAcceptsecrets(), registered.outputs))
        .setResult(sdk.resource.Result.SUCCESS);
    }),
    readResource: unary<ReadResourceRequest, ReadResourceResponse>(sdk, async (request) => {
      const read = await monitor.readResource(readRequestFrom(request, rootDirectory));
      return new sdk.resource.ReadResourceResponse()
        .setUrn(read.urn)
        .setProperties(outputsFor(request.getAcceptsecrets(), read.outputs));
    }),
    registerResourceOutputs: unary<RegisterResourceOutputsRequest, Empty>(sdk, async (request) => {
      await monitor.registerResourceOutputs(request.getUrn(), propertiesFrom(request.getOutputs()));
      return new sdk.empty.Empty();
    }),
    signalAndWaitForShutdown: unary<unknown, Empty>(sdk, () => {
      signalled = true;
      return new sdk.empty.Empty();
    }),
  };
  return { service: { definition: sdk.resourceService.ResourceMonitorService, handlers }, signalled: () => signalled };
}
