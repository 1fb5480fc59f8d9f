package later

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/notice"
)

// Keep writes a notice that may have to be sent later into what is handed over for it.
func Keep(n *notice.Notice, r wire.Retry) wire.Retry {
	r.Notice, r.Event = notice.JSON(n), n.Event
	return r
}

// Notice reads the notice of a retry. Its summary begins with how late it is, and why.
func Notice(r wire.Retry, now time.Time) (*notice.Notice, error) {
	var n notice.Notice
	if err := json.Unmarshal(r.Notice, &n); err != nil {
		return nil, fmt.Errorf("the input has a retry without its notice: %w", err)
	}
	n.Event = r.Event
	late := now.Sub(r.Since)
	if late > time.Minute {
		late = late.Truncate(time.Minute)
	}
	n.Summary = fmt.Sprintf("%s late: %s. %s", notice.Duration(late), r.Reason, n.Summary)
	return &n, nil
}
