// Where in a rule file a place is, and what the schema says of it. Files are read by their indentation, line by line upwards, so that
// a place is found in a text that is only half written.

const KEY = /^("[^"]*"|'[^']*'|[^\s"'#{}[\],:][^:#]*?)\s*:(\s|$)/;

// The levels of a line: dashes and a key, each with its column.
function levelsOf(text) {
  const levels = [];
  let column = text.length - text.trimStart().length;
  let rest = text.slice(column);
  while (/^-(\s|$)/.test(rest)) {
    levels.push({ column, item: true });
    const shift = 1 + (rest.slice(1).length - rest.slice(1).trimStart().length);
    column += shift;
    rest = rest.slice(shift);
  }

  const key = KEY.exec(rest);
  if (key) {
    levels.push({ column, key: key[1].replace(/^["']|["']$/g, ""), end: column + key[1].length, value: column + key[0].length });
  }

  return { levels, column, rest };
}

const isBlank = (text) => /^\s*(#.*)?$/.test(text);

/**
 * The path to what stands at a column of a line: keys, and `null` for an item of a list. With it, the keys that its mapping has already.
 * A key's own path ends with the key; `inValue` says whether the place is behind its colon.
 */
export function placeAt(doc, lineNumber, column) {
  const line = doc.line(lineNumber).text;
  const { levels, column: own } = levelsOf(line);
  const last = levels.at(-1);
  const inValue = last?.key !== undefined && column >= last.value;
  const path = inValue ? [last.key] : [];
  let current = last?.key !== undefined ? last.column : own;
  let isItem = false;
  const up = (level) => {
    const isParent = level.column < current || (level.key !== undefined && isItem && level.column === current);
    if (isParent) {
      path.unshift(level.item ? null : level.key);
      current = level.column;
      isItem = level.item === true;
    }
  };

  for (const level of levels.slice(0, last?.key !== undefined ? -1 : undefined).reverse()) {
    up(level);
  }

  const siblings = siblingsOf(doc, lineNumber, last?.key !== undefined ? last.column : own);
  for (let number = lineNumber - 1; number > 0 && current >= 0; number--) {
    const text = doc.line(number).text;
    if (!isBlank(text)) {
      levelsOf(text).levels.reverse().forEach(up);
    }
  }

  return { path, inValue, siblings, key: last?.key, keyFrom: last?.column, keyTo: last?.end };
}

// The other keys of the mapping whose keys stand in this column.
function siblingsOf(doc, lineNumber, column) {
  const found = [];
  const look = (number) => {
    const text = doc.line(number).text;
    if (isBlank(text)) {
      return true;
    }

    const { levels } = levelsOf(text);
    const key = levels.find((level) => level.key !== undefined && level.column === column);
    if (key) {
      found.push(key.key);
    }

    const first = levels[0]?.column ?? text.length - text.trimStart().length;
    return first >= column;
  };
  if (levelsOf(doc.line(lineNumber).text).levels.every((level) => !level.item)) {
    for (let number = lineNumber - 1; number > 0 && look(number); number--);
  }

  for (let number = lineNumber + 1; number <= doc.lines; number++) {
    const { levels } = levelsOf(doc.line(number).text);
    if (levels[0]?.item && levels[0].column < column) {
      break;
    }

    if (!look(number)) {
      break;
    }
  }

  return found;
}

/** Reads a JSON Schema (draft 7) as far as the one of rule files goes. */
export class Schema {
  constructor(root) {
    this.root = root;
  }

  /** The schemas that may hold at a path. */
  at(path) {
    return path.reduce((schemas, step) => schemas.flatMap((schema) => this.#step(schema, step)), this.#open(this.root));
  }

  /** Those of them that have all these keys; all where none has. */
  static having(schemas, keys) {
    const fit = schemas.filter((schema) => keys.every((key) => schema.properties?.[key] !== undefined));
    return fit.length > 0 ? fit : schemas;
  }

  #step(schema, step) {
    const next = step === null ? schema.items : (schema.properties?.[step] ?? schema.additionalProperties);
    return typeof next === "object" && next !== null ? this.#open(next) : [];
  }

  // Without references and choices.
  #open(schema, depth = 0) {
    if (depth > 16) {
      return [];
    }

    if (schema.$ref) {
      const target = schema.$ref.split("/").slice(1).reduce((node, part) => node?.[part], this.root);
      return target ? this.#open({ ...target, ...(schema.description ? { description: schema.description } : {}) }, depth + 1) : [];
    }

    const choices = [...(schema.oneOf ?? []), ...(schema.anyOf ?? []), ...(schema.allOf ?? [])];
    return [schema, ...choices.flatMap((choice) => this.#open(choice, depth + 1))];
  }

  /** The first text for people among schemas. */
  static textOf(schemas) {
    return schemas.map((schema) => schema.description ?? schema.title).find((text) => text) ?? "";
  }

  /** The schemas of a key itself, before its choices. */
  ofKey(schemas, key) {
    return schemas.filter((schema) => schema.properties?.[key]).flatMap((schema) => this.#open(schema.properties[key]));
  }
}

/** The words that may stand at a place. */
export function wordsOf(schemas) {
  const words = new Map();
  for (const schema of schemas) {
    for (const word of schema.enum ?? (schema.const !== undefined ? [schema.const] : [])) {
      words.set(String(word), schema.description ?? "");
    }
  }

  return words;
}
