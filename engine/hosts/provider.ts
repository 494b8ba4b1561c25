import type {
  CheckResponse,
  CreateResponse,
  DiffResponse,
  ReadResponse,
  UpdateResponse,
} from "@pulumi/pulumi/proto/provider_pb";
import type { Empty } from "google-protobuf/google/protobuf/empty_pb";
import type { Properties, Provider } from "../model";
import { plainProperties } from "../values";
import type { Call } from "./provider-calls";
import type { Sdk } from "./sdk";
import { propertiesFrom, structFrom } from "./wire";

type Client = InstanceType<Sdk["providerService"]["ResourceProviderClient"]>;

/** The engine's view of a configured provider process. */
export function createProvider(sdk: Sdk, client: Client, call: Call, close: () => Promise<void>): Provider {
  const send = (properties: Properties) => structFrom(sdk, plainProperties(properties));
  let closed: Promise<void> | undefined;
  return {
    async check(urn, olds, news) {
      const request = new sdk.provider.CheckRequest().setUrn(urn).setOlds(send(olds)).setNews(send(news));
      const response = await call<CheckResponse>(`checking ${urn}`, (done) => client.check(request, done));
      const failures = response.getFailuresList().map((f) => ({ property: f.getProperty(), reason: f.getReason() }));
      return { inputs: propertiesFrom(response.getInputs()), failures };
    },
    async diff(urn, id, olds, oldInputs, news, ignoreChanges) {
      const request = new sdk.provider.DiffRequest()
        .setUrn(urn)
        .setId(id)
        .setOlds(send(olds))
        .setOldInputs(send(oldInputs))
        .setNews(send(news))
        .setIgnorechangesList(ignoreChanges);
      const response = await call<DiffResponse>(`comparing ${urn}`, (done) => client.diff(request, done));
      return {
        changes: changesFrom(sdk, response),
        replaces: response.getReplacesList(),
        deleteBeforeReplace: response.getDeletebeforereplace(),
      };
    },
    async create(urn, inputs) {
      const request = new sdk.provider.CreateRequest().setUrn(urn).setProperties(send(inputs));
      const response = await call<CreateResponse>(`creating ${urn}`, (done) => client.create(request, done));
      return { id: response.getId(), outputs: propertiesFrom(response.getProperties()) };
    },
    async read(urn, id, inputs, properties) {
      const request = new sdk.provider.ReadRequest()
        .setUrn(urn)
        .setId(id)
        .setInputs(send(inputs))
        .setProperties(send(properties));
      const response = await call<ReadResponse>(`reading ${urn}`, (done) => client.read(request, done));
      const answer = { id: response.getId(), outputs: propertiesFrom(response.getProperties()) };
      return response.hasInputs() ? { ...answer, inputs: propertiesFrom(response.getInputs()) } : answer;
    },
    async update(urn, id, olds, oldInputs, news) {
      const request = new sdk.provider.UpdateRequest()
        .setUrn(urn)
        .setId(id)
        .setOlds(send(olds))
        .setOldInputs(send(oldInputs))
        .setNews(send(news));
      const response = await call<UpdateResponse>(`updating ${urn}`, (done) => client.update(request, done));
      return { outputs: propertiesFrom(response.getProperties()) };
    },
    async delete(urn, id, outputs, inputs) {
      const request = new sdk.provider.DeleteRequest()
        .setUrn(urn)
        .setId(id)
        .setProperties(send(outputs))
        .setOldInputs(send(inputs));
      await call<Empty>(`deleting ${urn}`, (done) => client.delete(request, done));
    },
    async cancel() {
      await call<Empty>("canceling", (done) => client.cancel(new sdk.empty.Empty(), done));
    },
    close() {
      closed ??= close();
      return closed;
    },
  };
}

function changesFrom({ provider }: Sdk, response: DiffResponse): boolean | undefined {
  switch (response.getChanges()) {
    case provider.DiffResponse.DiffChanges.DIFF_SOME:
      return true;
    case provider.DiffResponse.DiffChanges.DIFF_NONE:
      return false;
    default:
      return undefined;
  }
}
