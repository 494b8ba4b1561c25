import type { Monitor } from "../model";
import { engineService } from "./engine-service";
import { monitorService } from "./monitor-service";
import { serve } from "./rpc-server";
import type { Sdk } from "./sdk";

/** What a program talks to while it runs. */
export interface ProgramServer {
  /** `127.0.0.1:<port>` */
  address: string;
  /** Whether the program said that it is done. */
  signalled(): boolean;
  /** Whether the program logged an error. */
  errorLogged(): boolean;
  close(): void;
}

/** Serves Pulumi's Engine and ResourceMonitor to one program, in front of `monitor`. */
export async function serveProgram(sdk: Sdk, monitor: Monitor, rootDirectory: string): Promise<ProgramServer> {
  let errorLogged = false;
  const engine = engineService(sdk, (message) => {
    errorLogged ||= message.severity === "error";
    monitor.log(message);
  });
  const { service, signalled } = monitorService(sdk, monitor, rootDirectory);
  const { address, close } = await serve(sdk, [engine, service]);
  return { address, signalled, errorLogged: () => errorLogged, close };
}
