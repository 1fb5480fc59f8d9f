package eventpattern

import (
	"fmt"
	"net/netip"
	"regexp"
	"strconv"
	"strings"
)

// address is what the engine takes for an IP address.
var address = regexp.MustCompile(`^([0-9]+\.[0-9]+\.[0-9]+\.[0-9]+|[0-9a-fA-F:]*:[0-9a-fA-F:]*)$`)

func parseAddr(text string) (netip.Addr, bool) {
	if !address.MatchString(text) {
		return netip.Addr{}, false
	}
	ip, err := netip.ParseAddr(text)
	return ip.Unmap(), err == nil
}

func parseCIDR(text string) (netip.Prefix, error) {
	host, bits, found := strings.Cut(text, "/")
	n, err := strconv.Atoi(bits)
	ip, ok := parseAddr(host)
	switch {
	case !found || err != nil:
		return netip.Prefix{}, fmt.Errorf("cidr %s: it must be an address, one slash and a number of bits", quote(text))
	case !ok:
		return netip.Prefix{}, fmt.Errorf("cidr %s: %s is not an IP address", quote(text), quote(host))
	case n < 0 || n >= ip.BitLen():
		return netip.Prefix{}, fmt.Errorf("cidr %s: the bits must be 0 to %d", quote(text), ip.BitLen()-1)
	}
	return netip.PrefixFrom(ip, n).Masked(), nil
}

// inBlock is an address of a block; the text names it in explanations.
func inBlock(block netip.Prefix, text string) want {
	return ofString(text, func(s string) bool {
		ip, ok := parseAddr(s)
		return ok && block.Contains(ip)
	})
}
