// Microsoft's own parser and renderer take every card at the version that workflows show:
// no element is unknown or dropped, nothing in a text is markup, and links lead to the web.
import { createRequire } from "node:module";

import { JSDOM } from "jsdom";
import MarkdownIt from "markdown-it";

import { check } from "./messages.mjs";

const { window } = new JSDOM("<!doctype html><body></body>");
Object.assign(globalThis, { window, document: window.document, Node: window.Node });
for (const name of ["HTMLElement", "HTMLButtonElement", "HTMLInputElement", "HTMLAnchorElement"]) globalThis[name] = window[name];

const cards = createRequire(import.meta.url)("adaptivecards/dist/adaptivecards.js");
const markdown = new MarkdownIt();
cards.AdaptiveCard.onProcessMarkdown = (text, result) => {
	result.outputHtml = markdown.render(text);
	result.didProcess = true;
};

const markup = "script,img,table:not(.ac-factset),h1,h2,h3,blockquote,em,code,s,ul,ol,strong";
const elements = (o) => (typeof o !== "object" || !o ? 0 : (o.type ? 1 : 0) + Object.values(o).reduce((n, x) => n + elements(x), 0));

check("teams", (message) => {
	const { contentType, content } = message.attachments[0];
	if (message.type !== "message" || message.attachments.length !== 1 || contentType !== "application/vnd.microsoft.card.adaptive") return ["no card"];
	const card = new cards.AdaptiveCard();
	card.hostConfig = new cards.HostConfig({ actions: { maxActions: 6 } });
	const context = new cards.SerializationContext(cards.Versions.v1_4);
	card.parse(content, context);

	const found = [];
	for (let i = 0; i < context.eventCount; i++) found.push(context.getEventAt(i).message);
	for (const event of card.validateProperties().validationEvents) found.push(event.message);
	const { msteams, ...known } = content;
	if (elements(card.toJSON()) !== elements(known)) found.push(`${elements(known)} elements are read as ${elements(card.toJSON())}`);
	const shown = card.render();
	for (const a of shown.querySelectorAll("a")) if (!/^https?:/.test(a.href)) found.push(`link to ${a.href}`);
	for (const e of shown.querySelectorAll(markup)) found.push(`markup: ${e.outerHTML}`);
	// https://learn.microsoft.com/microsoftteams/limits-specifications-teams
	if (Buffer.byteLength(JSON.stringify(JSON.stringify(message))) > 28 * 1024) found.push("larger than 28 KB");
	return found;
});
