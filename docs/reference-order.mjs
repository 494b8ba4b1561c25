import { Converter } from "typedoc";

/** After TypeDoc's own plugins, which fill in both. */
const LAST = -10_000;

/**
 * For TypeDoc: pages in alphabetical order, properties in the order of their declaration, and no word of the base class,
 * which is not public.
 */
export function load(app) {
  app.converter.on(Converter.EVENT_RESOLVE_END, ({ project }) => tidy(project), LAST);
}

function tidy(project) {
  for (const group of project.groups ?? []) {
    group.children.sort((one, other) => (one.name < other.name ? -1 : 1));
  }
  for (const reflection of Object.values(project.reflections)) {
    delete reflection.extendedTypes;
    delete reflection.overwrites;
    delete reflection.typeHierarchy;
  }
}
