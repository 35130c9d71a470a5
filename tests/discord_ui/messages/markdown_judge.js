// Reads a JSON list of texts, prints for each its parts as Discord would show them: [kind, text].
const { parse } = require("discord-markdown-parser");

const flat = (nodes, kinds) =>
  nodes.flatMap(({ type, content, name }) => {
    if (type === "text") return [[kinds.join(" ") || "text", content]];
    if (type === "br") return [["text", "\n"]];
    if (Array.isArray(content)) return flat(content, [...kinds, type]);
    return [[type, content ?? name ?? ""]];
  });

// Neighbours are joined here, where halves of surrogate pairs become whole.
const joined = (parts) =>
  parts.reduce((whole, [kind, text]) => {
    const last = whole.at(-1);
    if (last?.[0] === kind) last[1] += text;
    else whole.push([kind, text]);
    return whole;
  }, []);

const texts = JSON.parse(require("fs").readFileSync(0));
console.log(JSON.stringify(texts.map((text) => joined(flat(parse(text, "extended"), [])))));
