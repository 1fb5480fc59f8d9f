// The network function asks AWS for what a warm delivery of the notifier asks for, at the same time,
// and then sends a mail of the same size. It signs nothing and reads none of the answers: no
// delivery can cost less on the same network.
package main

import (
	"context"
	"io"
	"net/http"
	"strings"
	"sync"

	"github.com/aws/aws-lambda-go/lambda"
)

func main() {
	lambda.Start(func(ctx context.Context) (string, error) {
		var questions sync.WaitGroup
		for _, operation := range []string{"GetConsoleOutput", "DescribeInstances"} {
			questions.Go(func() { send(ctx, "ec2", "Action="+operation) })
		}
		questions.Wait()
		send(ctx, "email", strings.Repeat("a", 17_000))
		return "done", nil
	})
}

// client keeps connections as the notifier's does.
var client = &http.Client{Transport: &http.Transport{
	Proxy: http.ProxyFromEnvironment, ReadBufferSize: 64 << 10, MaxIdleConnsPerHost: 4,
}}

// signature is as long as the headers of a signature.
var signature = strings.Repeat("a", 300)

func send(ctx context.Context, service, body string) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "https://"+service+".us-east-1.amazonaws.com/", strings.NewReader(body))
	if err != nil {
		panic(err)
	}
	req.Header.Set("Authorization", signature)
	res, err := client.Do(req)
	if err != nil {
		panic(err)
	}
	if _, err := io.Copy(io.Discard, res.Body); err != nil {
		panic(err)
	}
	_ = res.Body.Close()
}
