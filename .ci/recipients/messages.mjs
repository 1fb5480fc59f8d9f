// The messages of the sinks, as lambda/notifier's TestMessages writes them: SINK/NAME.json
// with the URL, the header and the body of a request.
import fs from "node:fs";
import path from "node:path";

// check calls problems with each message of a sink. It prints what problems returns, and
// ends the program with 1 if that was anything, or if there are no messages.
export function check(sink, problems) {
	const folder = path.join(process.argv[2], sink);
	const files = fs.readdirSync(folder).sort();
	let bad = 0;
	for (const file of files) {
		const { Body } = JSON.parse(fs.readFileSync(path.join(folder, file)));
		const found = problems(JSON.parse(Body));
		for (const problem of found) console.log(`${sink}/${file}: ${problem}`.slice(0, 600));
		bad += found.length > 0;
	}
	console.log(`${sink}: ${files.length - bad} of ${files.length} messages are good`);
	process.exitCode = bad > 0 || files.length === 0 ? 1 : 0;
}
