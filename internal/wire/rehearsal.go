package wire

// RehearsalVariable is the environment variable that turns every message of the
// notifier to a stand-in on this machine: "http://127.0.0.1:" and a port. The
// stand-in gets the requests as they are, their path and query included, and with
// [RehearsalHost].
const RehearsalVariable = "EXTRAEYE_REHEARSAL"

// RehearsalHost is the header that tells the stand-in of a rehearsal where the
// request would have gone: "https://hooks.slack.com".
const RehearsalHost = "X-Extraeye-Host"
