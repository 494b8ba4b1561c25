import type { DeploymentOptions, DeploymentResult } from "../model";
import { deployRun } from "./deployment";

/**
 * Previews, updates, refreshes or destroys a stack: decides as Pulumi's engine does what each resource needs, has the
 * providers do it, and keeps the state saved on the way. Never rejects for what a program or a provider does wrong;
 * the result and the events report.
 */
export function deploy(options: DeploymentOptions): Promise<DeploymentResult> {
  return deployRun(options);
}
