package awsapi

import (
	"crypto/x509"
	"os"
	"sync"
)

// amazonLinux is the bundle of root certificates where Lambda's runtimes have it.
const amazonLinux = "/etc/pki/tls/certs/ca-bundle.crt"

// trusted are the root certificates of all clients of the process, read once.
var trusted = sync.OnceValue(func() *x509.CertPool { return roots(amazonLinux) })

// roots reads the root certificates of one bundle. It returns nil, which means
// all that Go finds by itself, if the bundle cannot be read or the environment
// names others.
//
// Left to itself, Go reads the bundle and then, once or twice more, every
// certificate that Amazon Linux 2023 has in directories beside it:
// https://github.com/golang/go/issues/79018
func roots(bundle string) *x509.CertPool {
	if os.Getenv("SSL_CERT_FILE") != "" || os.Getenv("SSL_CERT_DIR") != "" {
		return nil
	}
	pem, err := os.ReadFile(bundle)
	pool := x509.NewCertPool()
	if err != nil || !pool.AppendCertsFromPEM(pem) {
		return nil
	}
	return pool
}
