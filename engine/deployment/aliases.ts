import type { Alias, ResourceState } from "../model";
import { makeUrn, STACK_TYPE, urnChain, urnName, urnType } from "../urn";
import type { Run } from "./run";

interface Subject {
  urn: string;
  type: string;
  name: string;
  parent: string;
  aliases: Alias[];
}

/** Finds the old entry of a resource, by its URN or by a former one, and remembers which former names are taken. */
export class Aliases {
  /** URN of this run → former URN it was found under. */
  private readonly former = new Map<string, string>();
  /** The other way round. */
  private readonly claimed = new Map<string, string>();

  constructor(private readonly run: Run) {}

  /** The URN of this run that took over the entry, if one did. */
  heir(urn: string): string | undefined {
    return this.claimed.get(urn);
  }

  /** The old entry and, when found by an alias, the URN it had. Two claims on one entry are reported; `valid` is false. */
  find(subject: Subject): { old?: ResourceState; alias?: string; valid: boolean } {
    const { urn } = subject;
    const usurper = this.claimed.get(urn);
    if (usurper !== undefined) {
      this.run.report(
        "error",
        `Duplicate resource URN '${urn}' conflicting with alias on resource with URN '${usurper}'`,
        urn,
      );
    }
    let valid = usurper === undefined;
    for (const candidate of [urn, ...this.candidates(subject)]) {
      const old = this.run.state.old(candidate);
      if (old === undefined) continue;
      if (candidate === urn) return { old, valid };
      valid = this.claim(urn, candidate) && valid;
      return { old, alias: candidate, valid };
    }
    return { valid };
  }

  private claim(urn: string, alias: string): boolean {
    const rivals = [this.run.registered.has(alias) ? urn : undefined, this.claimed.get(alias)].filter(
      (rival) => rival !== undefined,
    );
    for (const rival of rivals) {
      const message = `Duplicate resource alias '${alias}' applied to resource with URN '${urn}' conflicting with resource with URN '${rival}'`;
      this.run.report("error", message, urn);
    }
    this.claimed.set(alias, urn);
    this.former.set(urn, alias);
    return rivals.length === 0;
  }

  /** Former URNs to try, in order: the resource's own aliases, then those it has through its parent's. */
  private candidates({ type, name, parent, aliases }: Subject): Set<string> {
    const own = aliases.map((alias) => this.expand(alias, type, name, parent));
    const formerParent = this.former.get(parent);
    if (formerParent === undefined) return new Set(own);
    const inherit = (childType: string, childName: string) => {
      const parentName = urnName(parent);
      const rest = childName.startsWith(parentName) ? childName.slice(parentName.length) : undefined;
      const formerName = rest === undefined ? childName : urnName(formerParent) + rest;
      return this.urn(formerParent, childType, formerName);
    };
    return new Set([...own, inherit(type, name), ...own.map((urn) => inherit(urnType(urn), urnName(urn)))]);
  }

  private expand(alias: Alias, type: string, name: string, parent: string): string {
    if (alias.urn) return alias.urn;
    const { project, stack } = this.run.options;
    const aliasParent = alias.parentUrn ? (this.former.get(alias.parentUrn) ?? alias.parentUrn) : parent;
    const isTop = alias.noParent || aliasParent === "" || urnChain(aliasParent) === STACK_TYPE;
    return makeUrn(
      alias.stack || stack,
      alias.project || project,
      isTop ? "" : aliasParent,
      alias.type || type,
      alias.name || name,
    );
  }

  private urn(parent: string, type: string, name: string): string {
    return makeUrn(this.run.options.stack, this.run.options.project, parent, type, name);
  }
}
