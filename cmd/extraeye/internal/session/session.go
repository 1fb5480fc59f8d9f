// Package session opens the AWS account of whoever runs the command: with the credentials and
// the Region that the AWS CLI would use.
package session

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials/stscreds"

	"github.com/extraeye/extraeye/lambda/awsapi"
)

// Options choose whose account is opened.
type Options struct {
	// Profile is a profile of ~/.aws/config. Empty: AWS_PROFILE, or what is in the environment.
	Profile string
	// Region is the Region to call. Empty: that of the environment or the profile.
	Region string
	// MFA asks for a token code, for profiles with a mfa_serial. Nil: they are refused.
	MFA func() (string, error)
}

// Session is an AWS account, opened.
type Session struct {
	// API calls AWS in the Region.
	API     *awsapi.Client
	Region  string
	Account string
}

// maxAnswer bounds an answer, in bytes: a template of 1 MB whose quotes are escaped has six
// times that.
const maxAnswer = 16 << 20

// stsVersion is the version of the API of STS.
//
// https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
const stsVersion = "2011-06-15"

// Open finds credentials and a Region, and asks AWS whose they are, which needs no permission.
func Open(ctx context.Context, opt Options) (*Session, error) {
	cfg, err := config.LoadDefaultConfig(ctx, opt.load()...)
	if err != nil {
		return nil, noCredentials(err)
	}
	if cfg.Region == "" {
		return nil, errors.New("no AWS Region: set AWS_REGION or -region, or a region in the profile")
	}
	if _, err := cfg.Credentials.Retrieve(ctx); err != nil {
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		return nil, noCredentials(err)
	}
	s := &Session{API: awsapi.New(httpClient(cfg), cfg.Region), Region: cfg.Region}
	s.API.Credentials = cfg.Credentials.Retrieve
	s.API.MaxAnswer = maxAnswer
	if s.Account, err = s.account(ctx); err != nil {
		return nil, err
	}
	return s, nil
}

func (o Options) load() []func(*config.LoadOptions) error {
	load := []func(*config.LoadOptions) error{
		config.WithSharedConfigProfile(o.Profile),
		config.WithRegion(o.Region),
	}
	if o.MFA != nil {
		load = append(load, config.WithAssumeRoleCredentialOptions(func(role *stscreds.AssumeRoleOptions) { role.TokenProvider = o.MFA }))
	}
	return load
}

func noCredentials(err error) error {
	return fmt.Errorf("no AWS credentials: %w; run \"aws sso login\" or set AWS_PROFILE", err)
}

// httpClient trusts the authorities of AWS_CA_BUNDLE or of the profile's ca_bundle, if there
// are any.
func httpClient(cfg aws.Config) *http.Client {
	client := awsapi.NewHTTPClient()
	if custom, ok := cfg.HTTPClient.(interface{ GetTransport() *http.Transport }); ok {
		if tls := custom.GetTransport().TLSClientConfig; tls != nil && tls.RootCAs != nil {
			client.Transport.(*http.Transport).TLSClientConfig.RootCAs = tls.RootCAs
		}
	}
	return client
}

// account asks for the account that the credentials are of.
func (s *Session) account(ctx context.Context) (string, error) {
	var answer struct {
		XMLName xml.Name `xml:"GetCallerIdentityResponse"`
		Account string   `xml:"GetCallerIdentityResult>Account"`
	}
	call := awsapi.Call{Service: "sts", Operation: "GetCallerIdentity"}
	err := s.API.Query(ctx, call, stsVersion, nil, &answer)
	var refused *awsapi.Error
	switch {
	case errors.As(err, &refused) && refused.Status < http.StatusInternalServerError && !refused.Throttled():
		return "", fmt.Errorf("AWS does not accept the credentials: %w; run \"aws sso login\" or set AWS_PROFILE", err)
	case err != nil:
		return "", fmt.Errorf("AWS could not be asked whose the credentials are: %w", err)
	}
	return answer.Account, nil
}
