package awsapi

import (
	"crypto/x509"
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
)

func TestRoots(t *testing.T) {
	server := httptest.NewTLSServer(http.NotFoundHandler())
	defer server.Close()
	t.Setenv("SSL_CERT_FILE", "")
	t.Setenv("SSL_CERT_DIR", "")
	dir := t.TempDir()
	bundle, broken := filepath.Join(dir, "bundle.crt"), filepath.Join(dir, "broken.crt")
	certificate := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	if err := os.WriteFile(bundle, certificate, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(broken, []byte("no certificate"), 0o600); err != nil {
		t.Fatal(err)
	}

	pool := roots(bundle)
	if pool == nil {
		t.Fatal("the bundle was not read")
	}
	if _, err := server.Certificate().Verify(x509.VerifyOptions{Roots: pool}); err != nil {
		t.Errorf("what is in the bundle is not trusted: %v", err)
	}
	for _, file := range []string{filepath.Join(dir, "missing.crt"), broken} {
		if roots(file) != nil {
			t.Errorf("%s leaves nothing to trust", filepath.Base(file))
		}
	}
	for _, name := range []string{"SSL_CERT_FILE", "SSL_CERT_DIR"} {
		t.Run(name, func(t *testing.T) {
			t.Setenv(name, dir)
			if roots(bundle) != nil {
				t.Error("the environment is not obeyed")
			}
		})
	}
}
