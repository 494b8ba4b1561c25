import { type handleUnaryCall, status, type UntypedServiceImplementation } from "@grpc/grpc-js";
import { type PluginAttach, PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import type { Properties } from "../host";
import type { CheckFailure } from "../lifecycles/context";
import { checkConfiguration } from "./configuration";
import { diffResponse } from "./difference";
import { invoke } from "./functions";
import * as resources from "./resources";

import schema = require("./schema.json");

import type { Session } from "./session";
import { BadCall, propertiesFrom, requiredProperties, serviceError, structFrom, withoutSecretMark } from "./wire";

/** Pulumi's ResourceProvider service. What is missing in it, such as Construct, gRPC itself answers: UNIMPLEMENTED. */
export function providerService(session: Session): UntypedServiceImplementation {
  return { ...providerCalls(session), ...resourceCalls(session) };
}

type Answer<Request, Response> = (request: Request) => Response | Promise<Response>;

function unary<Request, Response>(answer: Answer<Request, Response>): handleUnaryCall<Request, Response> {
  return async (call, callback) => {
    try {
      callback(null, await answer(call.request));
    } catch (error) {
      callback(serviceError(error));
    }
  };
}

/** Around the provider as a whole. */
function providerCalls(session: Session): UntypedServiceImplementation {
  return {
    handshake: unary((request: messages.ProviderHandshakeRequest) => {
      session.shakeHands(request.getEngineAddress());
      // The engine then takes secrets off what it sends, and puts them on again.
      return new messages.ProviderHandshakeResponse().setAcceptSecrets(false).setAcceptResources(false);
    }),
    attach: unary((request: PluginAttach) => {
      session.attach(request.getAddress());
      return new Empty();
    }),
    getPluginInfo: unary(() => new PluginInfo().setVersion(schema.version)),
    getSchema: unary((request: messages.GetSchemaRequest) => {
      if (request.getVersion() !== 0) {
        const text = `there is no schema of version ${request.getVersion()}, only of version 0`;
        throw new BadCall(status.INVALID_ARGUMENT, text);
      }
      return new messages.GetSchemaResponse().setSchema(JSON.stringify(schema));
    }),
    checkConfig: unary((request: messages.CheckRequest) => {
      const { inputs, failures } = checkConfiguration(requiredProperties(request.getNews(), "provider's inputs"));
      return checkResponse(inputs, failures);
    }),
    diffConfig: unary((request: messages.DiffRequest) => {
      const oldInputs = propertiesFrom(request.getOldInputs(), "provider's old inputs");
      const news = requiredProperties(request.getNews(), "provider's inputs");
      const names = new Set([...Object.keys(oldInputs), ...Object.keys(news)]);
      const changes = [...names].some((name) => oldInputs[name] !== news[name]);
      // Of another tenant the resources' own checks tell; no other setting makes another object of any of them.
      return diffResponse({ changes, replaces: [], deleteBeforeReplace: false }, { state: {}, oldInputs, news });
    }),
    configure: unary((request: messages.ConfigureRequest) => {
      const args = Object.entries(requiredProperties(request.getArgs(), "provider's inputs"));
      const plain = args.map(([name, value]) => [name, withoutSecretMark(value)]);
      session.configure(request.getUrn() ?? "", Object.fromEntries(plain));
      return new messages.ConfigureResponse().setSupportspreview(true);
    }),
    cancel: unary(() => {
      session.cancel();
      return new Empty();
    }),
    invoke: unary(async (request: messages.InvokeRequest) => {
      const args = propertiesFrom(request.getArgs(), "function's arguments");
      const { result, failures } = await invoke(session.config(), request.getTok(), args);
      const response = new messages.InvokeResponse().setFailuresList(failures.map(failureMessage));
      return result === undefined ? response : response.setReturn(structFrom(result));
    }),
  };
}

/** Around one resource. */
function resourceCalls(session: Session): UntypedServiceImplementation {
  return {
    check: unary(async (request: messages.CheckRequest) => {
      const olds = propertiesFrom(request.getOlds(), "old inputs");
      const news = requiredProperties(request.getNews(), "inputs");
      const { inputs, failures } = await resources.check(session, request.getUrn(), olds, news);
      return checkResponse(inputs, failures);
    }),
    diff: unary((request: messages.DiffRequest) => {
      const states = {
        state: requiredProperties(request.getOlds(), "state"),
        oldInputs: propertiesFrom(request.getOldInputs(), "old inputs"),
        news: requiredProperties(request.getNews(), "inputs"),
      };
      return resources.diff(session, request.getUrn(), request.getId(), states);
    }),
    create: unary(async (request: messages.CreateRequest) => {
      const inputs = requiredProperties(request.getProperties(), "inputs");
      const { id, state } = await resources.create(session, request.getUrn(), inputs, request.getPreview());
      return new messages.CreateResponse().setId(id).setProperties(structFrom(state));
    }),
    read: unary(async (request: messages.ReadRequest) => {
      const state = propertiesFrom(request.getProperties(), "state");
      const oldInputs = propertiesFrom(request.getInputs(), "old inputs");
      const found = await resources.read(session, request.getUrn(), requiredId(request), state, oldInputs);
      if (found === undefined) return new messages.ReadResponse();
      const { id, state: current, inputs } = found;
      const response = new messages.ReadResponse().setId(id).setProperties(structFrom(current));
      return inputs === undefined ? response : response.setInputs(structFrom(inputs));
    }),
    update: unary(async (request: messages.UpdateRequest) => {
      const state = requiredProperties(request.getOlds(), "state");
      const inputs = requiredProperties(request.getNews(), "inputs");
      const what = { urn: request.getUrn(), id: requiredId(request), isPreview: request.getPreview() };
      const updated = await resources.update(session, what, state, inputs);
      return new messages.UpdateResponse().setProperties(structFrom(updated));
    }),
    delete: unary(async (request: messages.DeleteRequest) => {
      const state = requiredProperties(request.getProperties(), "state");
      await resources.remove(session, request.getUrn(), requiredId(request), state);
      return new Empty();
    }),
  };
}

function requiredId(request: { getId(): string }): string {
  const id = request.getId();
  if (id === "") throw new BadCall(status.INVALID_ARGUMENT, "the id is missing");
  return id;
}

function checkResponse(inputs: Properties, failures: CheckFailure[]): messages.CheckResponse {
  return new messages.CheckResponse().setInputs(structFrom(inputs)).setFailuresList(failures.map(failureMessage));
}

function failureMessage({ property, reason }: CheckFailure): messages.CheckFailure {
  return new messages.CheckFailure().setProperty(property).setReason(reason);
}
