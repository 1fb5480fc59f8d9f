package cloudwatch

import (
	"slices"
	"strings"

	"github.com/extraeye/extraeye/lambda/event"
	"github.com/extraeye/extraeye/lambda/notice"
)

// The sentences that CloudWatch writes as the reason of a state, as far as the reason's data
// lacks what they say. Alarms with several time series and log alarms have none.
//
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-limits.html
var (
	// … 2 out of the last 3 datapoints [12.1 (02/10/19 17:20:00), 11.9 (02/10/19 17:15:00)] were greater …
	// … The most recent datapoint which crossed the threshold: [0.0 (01/12/25 13:34:00)].
	datapointsText = event.Regexp{Text: `(?:datapoints?|results?|values?|threshold:) \[([^\[\]]+)\]`}
	thresholdText  = event.Regexp{Text: `the threshold \(([^()]+)\)`}
	lowerText      = event.Regexp{Text: `the lower thresholds? \[([^\[\],]+)`}
	upperText      = event.Regexp{Text: `the upper thresholds? \[([^\[\],]+)`}
	// … no datapoints were received for 3 periods and 3 missing datapoints were treated as [Breaching].
	// … 1 datapoint was received for 3 periods and 2 missing datapoints were treated as [Breaching].
	receivedText = event.Regexp{Text: `(no|\d+) datapoints? (?:was|were) received for (\d+ periods?)`}
	missingText  = event.Regexp{Text: `(\d+) missing datapoints? (?:was|were) treated as \[(\w+)\]`}
	// No time series were returned by the query. Treat missing data is configured as [NonBreaching].
	noSeriesText = event.Regexp{Text: `No time series were returned by the query\. Treat missing data is configured as \[(\w+)\]`}
	// 6 out of 6 time series evaluated to ALARM
	// 100+ time series evaluated to ALARM.
	seriesText = event.Regexp{Text: `^(\d+\+?)(?: out of (\d+))? time series evaluated to`}
	// arn:aws:cloudwatch:…:alarm:NAME transitioned to ALARM at Friday 22 July, 2022 15:57:45 UTC
	transitionText = event.Regexp{Text: `:alarm:(.+?) transitioned to (\w+) at `}
)

// readReason reads what the reason says and its data does not.
func (s *alarmState) readReason() {
	if len(s.Values) == 0 {
		s.Values = datapoints(s.Reason)
	}
	if s.Threshold == "" {
		s.Threshold = thresholdText.Group(s.Reason, 1)
	}
	if s.Lower == "" && s.Upper == "" {
		s.Lower, s.Upper = lowerText.Group(s.Reason, 1), upperText.Group(s.Reason, 1)
	}
	if len(s.Triggers) == 0 {
		for _, m := range transitionText.All(s.Reason) {
			s.Triggers = append(s.Triggers, trigger{m[1], m[2]})
		}
	}
	s.Missing = missingData(s.Reason)
	if m := seriesText.Groups(s.Reason); m != nil {
		s.Series = m[1] + event.Labeled(" of ", m[2]) + " time series"
	}
}

// datapoints reads the datapoints of a reason, in which the newest comes first.
func datapoints(reason string) []string {
	var values []string
	for point := range strings.SplitSeq(datapointsText.Group(reason, 1), ",") {
		if value, _, _ := strings.Cut(strings.TrimSpace(point), " "); value != "" {
			values = append(values, value)
		}
	}
	slices.Reverse(values)
	return values
}

// missingData says what of the data is missing, and what that counts as: "no data for 3
// periods, which counts as breaching". It is "" if nothing is missing.
func missingData(reason string) string {
	if counts := noSeriesText.Group(reason, 1); counts != "" {
		return "the query returns no time series, which counts as " + treatment(counts)
	}
	missing := missingText.Groups(reason)
	if missing == nil {
		return ""
	}
	received := receivedText.Groups(reason)
	if received != nil && received[1] == "no" {
		return "no data for " + received[2] + ", which counts as " + treatment(missing[2])
	}
	n := missing[1] + " missing datapoints count as "
	if missing[1] == "1" {
		n = "1 missing datapoint counts as "
	}
	return n + treatment(missing[2])
}

// treatment is how an alarm treats missing data, as people say it.
func treatment(counts string) string {
	if strings.EqualFold(counts, "NonBreaching") || strings.EqualFold(counts, "NotBreaching") {
		return "not breaching"
	}
	return strings.ToLower(counts)
}

// maxInTitle is how long a reason in a title may be, in characters.
const maxInTitle = 80

// short is a text if it fits into a title, else "".
func short(text string) string {
	if notice.Cut(text, maxInTitle) != text {
		return ""
	}
	return text
}
