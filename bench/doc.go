// Package bench measures what a user waits and pays for: the notifier's cold start
// and deliveries, and the time that an app takes to synthesize. Everything is
// compared with something small that runs at the same time, because on a shared
// machine only ratios mean anything. No benchmark passes or fails by its time.
//
//	go test -run '^$' -bench . ./bench
package bench
