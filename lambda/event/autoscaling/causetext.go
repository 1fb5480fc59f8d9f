package autoscaling

import "github.com/extraeye/extraeye/internal/wire"

// causeText is how a notice words a cause.
type causeText struct {
	cause    wire.Cause
	name     string
	verb, in string // the title is "NAME verb INSTANCE in GROUP"
	wrong    bool   // something is wrong
	suspect  bool   // the instance may have crashed, or a release may have broken it
}

var causeTexts = [...]causeText{
	{wire.CauseELBHealthCheck, "ELB health check", "killed", "in", true, true},
	{wire.CauseEC2StatusCheck, "EC2 health check", "killed", "in", true, true},
	{wire.CauseApplicationCheck, "application status check", "killed", "in", true, true},
	{wire.CauseEBSHealthCheck, "EBS health check", "killed", "in", true, true},
	{wire.CauseCustomHealthCheck, "custom health check", "killed", "in", true, true},
	{wire.CauseShutdown, "its own shutdown", "killed", "in", true, false},
	{wire.CauseScaleIn, "scale-in", "removed", "from", false, false},
	{wire.CauseUserRequest, "user request", "removed", "from", false, false},
	{wire.CauseInstanceRefresh, "instance refresh", "removed", "from", false, false},
	{wire.CauseRebalance, "rebalancing", "removed", "from", false, false},
	{wire.CauseSpot, "Spot interruption", "took", "from", true, false},
	{wire.CauseLifetime, "maximum instance lifetime", "removed", "from", false, false},
	{wire.CauseUnknown, "unknown cause", "killed", "in", true, true},
}

// textOf returns how a notice words a cause.
func textOf(c wire.Cause) causeText {
	for _, text := range causeTexts {
		if text.cause == c {
			return text
		}
	}
	return causeText{}
}
