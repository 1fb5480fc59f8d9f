// The hello function is the smallest Go function that Lambda can run. The notifier is
// measured against it.
package main

import "github.com/aws/aws-lambda-go/lambda"

func main() { lambda.Start(func() (string, error) { return "hello", nil }) }
