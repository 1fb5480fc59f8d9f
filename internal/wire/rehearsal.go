package wire

// RehearsalVariable is the environment variable that redirects every message of the
// notifier to a fake server on this machine: "http://127.0.0.1:" and a port. The
// fake gets the requests as they are, their path and query included, and with
// [RehearsalHost].
const RehearsalVariable = "EXTRAEYE_REHEARSAL"

// RehearsalHost is the header in which the fake of a rehearsal learns where the
// request would have gone: "https://hooks.slack.com".
const RehearsalHost = "X-Extraeye-Host"

// TableVariable is the environment variable that names the table of teams in a rehearsal, in
// place of [TableFile].
const TableVariable = "EXTRAEYE_TABLE"

// RehearsalSink is the header in which the fake of a rehearsal learns which sink a request is for:
// "slack 1.0" is the first sink of a delivery's second order. What is sent again is for the one
// sink that there is, "slack", and a look-up goes without the header.
const RehearsalSink = "X-Extraeye-Sink"
