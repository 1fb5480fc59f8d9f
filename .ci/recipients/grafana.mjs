// What Grafana's sanitizer leaves of every annotation says the same as before.
// https://github.com/grafana/grafana/blob/main/packages/grafana-data/src/text/sanitize.ts
import { JSDOM } from "jsdom";
import xss from "xss";

import { check } from "./messages.mjs";

const whiteList = Object.fromEntries(Object.entries(xss.getDefaultWhiteList()).map(([tag, names]) => [tag, [...names, "class", "style"]]));
const sanitizer = new xss.FilterXSS({ whiteList });
const page = (html) => new JSDOM(html).window.document;

check("grafana", ({ text }) => {
	const before = page(text);
	const after = page(sanitizer.process(text));
	const found = [];
	if (before.body.textContent !== after.body.textContent) found.push("loses text");
	for (const e of before.body.querySelectorAll("*")) if (!["BR", "A", "PRE"].includes(e.tagName)) found.push(`element ${e.tagName}`);
	for (const a of before.querySelectorAll("a")) if (!/^https?:/.test(a.href) || a.attributes.length !== 2) found.push(`link ${a.outerHTML}`);
	return found;
});
