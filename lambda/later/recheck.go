package later

import (
	"context"
	"fmt"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/awsapi"
)

// checks are how long it is from a notice to the first time that it is asked whether what it
// reports is over, and on to the next: 5, 15, 60 and 180 minutes after it.
var checks = [...]time.Duration{5 * time.Minute, 10 * time.Minute, 45 * time.Minute, 2 * time.Hour}

// Recheck hands over that it is to be asked whether something is over, the first time or again. Place
// is that of [HandOver]. After the last time it does nothing.
func Recheck(ctx context.Context, api *awsapi.Client, r wire.Recheck, place string) error {
	if r.Attempt < 0 || r.Attempt >= len(checks) {
		return nil
	}
	wait := checks[r.Attempt]
	r.Attempt++
	return startWith(ctx, api, fmt.Sprintf("recheck-%d", r.Attempt), place, wire.CheckLater{AfterSeconds: int(wait / time.Second), Recheck: r})
}

// Verdict hands over that it is to be found out how a release did. Place is that of [HandOver].
func Verdict(ctx context.Context, api *awsapi.Client, of wire.Released, afterSeconds int, place string) error {
	return startWith(ctx, api, "verdict", place, wire.VerdictLater{AfterSeconds: afterSeconds, Verdict: of})
}
