package awsapi

import (
	"context"
	"io"
	"net/http"
	"sync"
)

// Prewarm opens a connection to the endpoint of each call, so that the first real
// call finds it open, as many to one endpoint as it is named. It sends no credentials, ignores every error, and returns
// when all are done or the context ends.
//
// It pays in Lambda's init phase, which has a full CPU even where the function has
// little memory: parsing the root certificates and shaking hands is then most of
// what a first invocation does.
func (c *Client) Prewarm(ctx context.Context, calls ...Call) {
	var all sync.WaitGroup
	for _, call := range calls {
		all.Go(func() { c.open(ctx, c.placed(call)) })
	}
	all.Wait()
}

func (c *Client) open(ctx context.Context, call Call) {
	url, err := endpoint(call)
	if err != nil {
		return
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url+"/", nil)
	if err != nil {
		return
	}
	res, err := c.http.Do(req)
	if err != nil {
		return
	}
	// Only a connection whose answer has been read to its end is kept.
	_, _ = io.Copy(io.Discard, io.LimitReader(res.Body, maxAnswer))
	_ = res.Body.Close()
}
