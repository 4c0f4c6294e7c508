// The editor of rule files. It stands in the place of the text field, which keeps the text for the form: without this script the form
// works as it is. It lives in a shadow root, since its styles are made by script and the page allows only those of its own files.
import { autocompletion, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { yaml } from "@codemirror/lang-yaml";
import { bracketMatching, HighlightStyle, indentOnInput, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { forEachDiagnostic, lintGutter, lintKeymap, linter } from "@codemirror/lint";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { EditorState } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, highlightActiveLineGutter, hoverTooltip, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { placeAt, Schema, wordsOf } from "./places.js";

const colours = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: "var(--accent)", fontWeight: "600" },
  { tag: [tags.string, tags.content], color: "var(--ink)" },
  { tag: tags.comment, color: "var(--soft)", fontStyle: "italic" },
  { tag: [tags.punctuation, tags.separator, tags.squareBracket, tags.brace], color: "var(--soft)" },
  { tag: [tags.keyword, tags.typeName, tags.labelName, tags.meta], color: "var(--warn)" },
]);

const looks = EditorView.theme({
  "&": { color: "var(--ink)", backgroundColor: "var(--surface)", border: "1px solid var(--line)", borderRadius: "var(--radius)", fontSize: "var(--small)" },
  "&.cm-focused": { outline: "2px solid var(--focus)", outlineOffset: "1px" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.6", minHeight: "18rem", maxHeight: "70vh" },
  ".cm-content": { caretColor: "var(--ink)" },
  ".cm-cursor": { borderLeftColor: "var(--ink)" },
  ".cm-gutters": { backgroundColor: "var(--sunken)", color: "var(--soft)", borderRight: "1px solid var(--line)" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "var(--accent-soft)" },
  "&.cm-focused .cm-selectionBackground, .cm-selectionBackground": { backgroundColor: "color-mix(in srgb, var(--focus) 30%, transparent)" },
  ".cm-tooltip": { color: "var(--ink)", backgroundColor: "var(--surface)", border: "1px solid var(--line)", borderRadius: "6px", maxWidth: "min(36rem, 90vw)", whiteSpace: "pre-line" },
  ".cm-tooltip .told": { padding: "0.4rem 0.6rem" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { color: "var(--on-accent)", backgroundColor: "var(--accent)" },
  ".cm-completionInfo": { padding: "0.4rem 0.6rem" },
  // The pictures that these have otherwise are addresses with data in them, which the page does not load.
  ".cm-lint-marker": { content: "normal", width: "0.6em", height: "0.6em", margin: "0.5em 0.1em", borderRadius: "50%" },
  ".cm-lint-marker-error": { backgroundColor: "var(--bad)" },
  ".cm-lint-marker-warning": { backgroundColor: "var(--warn)" },
  ".cm-lintRange": { backgroundImage: "none", textDecoration: "underline wavy", textUnderlineOffset: "3px" },
  ".cm-lintRange-error": { textDecorationColor: "var(--bad)" },
  ".cm-lintRange-warning": { textDecorationColor: "var(--warn)" },
  ".cm-diagnostic": { whiteSpace: "pre-wrap" },
  ".cm-diagnostic-error": { borderLeftColor: "var(--bad)" },
  ".cm-diagnostic-warning": { borderLeftColor: "var(--warn)" },
  ".cm-panels": { color: "var(--ink)", backgroundColor: "var(--sunken)" },
  ".cm-textfield, .cm-button": { color: "var(--ink)", backgroundColor: "var(--surface)", backgroundImage: "none", border: "1px solid var(--line)" },
});

/** Completes keys and words from the schema. */
function complete(schema) {
  return (context) => {
    const line = context.state.doc.lineAt(context.pos);
    const place = placeAt(context.state.doc, line.number, context.pos - line.from);
    const word = context.matchBefore(/[\p{L}\p{N}._/$-]*/u);
    if (!context.explicit && word.from === word.to) {
      return null;
    }

    const here = schema.at(place.path);
    const words = [...wordsOf(here)].map(([label, info]) => ({ label, info: info || undefined, type: "enum" }));
    const keys = place.inValue ? [] : Schema.having(here, place.siblings).flatMap((one) => Object.keys(one.properties ?? {}));
    const options = [...new Set(keys)].filter((key) => !place.siblings.includes(key)).map((label) => ({
      label,
      info: Schema.textOf(schema.ofKey(here, label)) || undefined,
      type: "property",
      apply: `${label}: `,
    }));
    return options.length + words.length === 0 ? null : { from: word.from, options: [...options, ...words], validFor: /^[\p{L}\p{N}._/$-]*$/u };
  };
}

/** Says what a key means. */
function explainKeys(schema) {
  return hoverTooltip((view, position) => {
    const line = view.state.doc.lineAt(position);
    const column = position - line.from;
    const place = placeAt(view.state.doc, line.number, column);
    if (place.key === undefined || column < place.keyFrom || column > place.keyTo) {
      return null;
    }

    const text = Schema.textOf(schema.ofKey(schema.at(place.path), place.key));
    return text === "" ? null : {
      pos: line.from + place.keyFrom,
      end: line.from + place.keyTo,
      above: true,
      create: () => {
        const dom = document.createElement("div");
        dom.className = "told";
        dom.textContent = text;
        return { dom };
      },
    };
  });
}

/** Shows what the engine says of the text as it is typed: findings at their places, and beside it each rule in words, as long as there are no errors. */
function look(form, words) {
  const status = form.querySelector("[data-unchecked]");
  return linter(async (view) => {
    const text = view.state.doc.toString();
    const sent = new FormData(form);
    sent.set("text", text);
    const answer = await fetch(form.dataset.look, { method: "POST", body: sent }).catch(() => ({ ok: false }));
    status.textContent = answer.ok ? "" : status.dataset.unchecked;
    if (!answer.ok) {
      // What was found before stays: without marks the text would look sound.
      const known = [];
      forEachDiagnostic(view.state, (finding, from, to) => known.push({ ...finding, from, to }));
      return known;
    }

    const { findings, rules } = await answer.json();
    if (view.state.doc.toString() === text && !findings.some(({ severity }) => severity === "error")) {
      words?.replaceChildren(...rules.map(inWords));
    }

    return findings.map(({ from, to, severity, message }) => ({ from: Math.min(from, view.state.doc.length), to: Math.min(to, view.state.doc.length), severity, message }));
  }, { delay: 400 });
}

function inWords({ name, lines }) {
  const article = document.createElement("article");
  article.className = "panel words";
  const heading = article.appendChild(document.createElement("h3"));
  heading.appendChild(document.createElement("bdi")).textContent = name;
  for (const { depth, text } of lines) {
    const line = article.appendChild(document.createElement("p"));
    line.className = `depth-${depth}`;
    line.textContent = text;
  }

  return article;
}

/** Asks before a text is left that is kept nowhere. */
function guard(field) {
  const given = field.value;
  let isSent = false;
  field.form.addEventListener("submit", () => { isSent = true; });
  window.addEventListener("pageshow", () => { isSent = false; });
  window.addEventListener("beforeunload", (event) => {
    if (!isSent && (field.value !== given || field.form.hasAttribute("data-unsaved"))) {
      event.preventDefault();
    }
  });
}

async function begin(field) {
  const { form } = field;
  const schema = new Schema(await (await fetch(form.dataset.schema)).json());
  const host = document.createElement("div");
  host.className = "editor-host";
  const root = host.attachShadow({ mode: "open" });
  const label = form.querySelector(`label[for="${field.id}"]`);
  const view = new EditorView({
    root,
    parent: root,
    state: EditorState.create({
      doc: field.value,
      extensions: [
        lineNumbers(), highlightActiveLineGutter(), highlightActiveLine(), history(), drawSelection(), indentOnInput(), indentUnit.of("  "), bracketMatching(),
        highlightSelectionMatches(), search({ top: true }), yaml(), syntaxHighlighting(colours), looks, lintGutter(),
        look(form, document.getElementById("words-live")), explainKeys(schema), autocompletion({ override: [complete(schema)] }),
        // Tab goes on to the next field, as everywhere: two spaces are two keys.
        keymap.of([...defaultKeymap, ...historyKeymap, ...searchKeymap, ...completionKeymap, ...lintKeymap]),
        EditorView.contentAttributes.of({ "aria-label": label?.textContent ?? "" }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) {
            field.value = update.state.doc.toString();
          }
        }),
      ],
    }),
  });
  field.hidden = true;
  field.before(host);
  label?.addEventListener("click", () => view.focus());
}

const field = document.querySelector("form[data-schema] textarea");
if (field) {
  guard(field);
  await begin(field);
}
