// The hello function is the least that a Go function on Lambda can be: what the
// notifier is measured against.
package main

import "github.com/aws/aws-lambda-go/lambda"

func main() { lambda.Start(func() (string, error) { return "hello", nil }) }
