// Completion from the terms that the service knows: prefixes after PREFIX, classes after `a`, properties elsewhere.
// A term is found by any part of its name or of its label; the list shows the label beside it.

import Yasqe from "@zazuko/yasqe";

const MOST = 60;

export function completers({ prefixes, terms }) {
  return [prefixCompleter(prefixes), termCompleter("class", terms, prefixes), termCompleter("property", terms, prefixes)];
}

function prefixCompleter(prefixes) {
  const lines = Object.entries(prefixes).map(([name, iri]) => `${name}: <${iri}>`);
  return {
    name: "prefixes",
    bulk: true,
    autoShow: true,
    persistenceId: null,
    isValidCompletionPosition: (editor) => {
      const cursor = editor.getDoc().getCursor();
      return /^\s*PREFIX\s+[\w-]*:?$/i.test(editor.getDoc().getLine(cursor.line).slice(0, cursor.ch));
    },
    get: () => lines,
    preProcessToken: (editor, token) => {
      const cursor = editor.getDoc().getCursor();
      const line = editor.getDoc().getLine(cursor.line).slice(0, cursor.ch);
      const typed = /[\w-]*:?$/.exec(line)[0];
      return { ...token, start: cursor.ch - typed.length, end: cursor.ch, string: typed, autocompletionString: typed };
    },
  };
}

function termCompleter(kind, terms, prefixes) {
  const own = terms.filter((term) => term.kind === kind);
  return {
    name: kind,
    bulk: false,
    autoShow: false,
    persistenceId: null,
    isValidCompletionPosition: (editor) => {
      const token = editor.getCompleteToken();
      if (/^[?$"'#<]/.test(token.string)) return false;
      const before = editor.getPreviousNonWsToken(editor.getDoc().getCursor().line, token);
      const afterType = before.string === "a" || before.string === "rdf:type";
      return kind === "class" ? afterType : !afterType && token.state.possibleCurrent.includes("a");
    },
    get: (_, token) => {
      const typed = token.string.trim().toLowerCase();
      const [, name] = /^(?:[\w-]*:)?(.*)$/.exec(typed);
      const named = typed.includes(":") ? typed.slice(0, typed.indexOf(":") + 1) : "";
      const found = own.filter((term) => term.name.startsWith(named) && matches(term, name));
      found.sort((one, other) => rank(one, name) - rank(other, name) || one.name.localeCompare(other.name));
      return found.slice(0, MOST).map((term) => term.name);
    },
    preProcessToken: (_, token) => token,
    postprocessHints: (_, hints) => hints.map((hint) => withLabel(hint, own, prefixes)),
  };
}

function matches(term, typed) {
  return term.name.split(":")[1].toLowerCase().includes(typed) || term.label.toLowerCase().includes(typed);
}

function rank(term, typed) {
  const ours = term.name.startsWith("dgm:") ? 0 : 2;
  return ours + (term.name.split(":")[1].toLowerCase().startsWith(typed) ? 0 : 1);
}

function withLabel(hint, terms, prefixes) {
  const term = terms.find(({ name }) => name === hint.text);
  if (!term) return hint;
  return {
    ...hint,
    render: (element) => {
      const note = document.createElement("span");
      note.className = "hint-label";
      note.textContent = term.label;
      element.append(term.name, " ", note);
      element.title = term.definition;
    },
    hint: (editor, data, picked) => {
      editor.replaceRange(picked.text, picked.from ?? data.from, picked.to ?? data.to, "complete");
      declare(editor, picked.text.split(":")[0], prefixes);
    },
  };
}

// A term that is picked brings its prefix along.
function declare(editor, prefix, prefixes) {
  if (!(prefix in editor.getPrefixesFromQuery())) editor.addPrefixes({ [prefix]: prefixes[prefix] });
}
