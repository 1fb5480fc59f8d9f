// Package bench measures what a user waits and pays for: the notifier's cold start
// and deliveries, and the time that an app takes to synthesize. Everything is
// compared with something small that is run in the same breath, because on a shared
// machine only ratios mean anything. Nothing here passes or fails by the clock.
//
//	go test -run '^$' -bench . ./bench
package bench
