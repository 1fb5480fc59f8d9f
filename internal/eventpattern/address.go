package eventpattern

import (
	"cmp"
	"fmt"
	"net/netip"
	"regexp"
	"strconv"
	"strings"
)

// The spellings that the engine takes for an IP address.
var (
	ipv4 = regexp.MustCompile(`^[0-9]+\.[0-9]+\.[0-9]+\.[0-9]+$`)
	ipv6 = regexp.MustCompile(`^[0-9a-fA-F:]*:[0-9a-fA-F:]*$`)
)

// The longest spellings of addresses that are read. An IPv6 address may have zeros in
// front of its numbers.
const (
	maxIPv4 = len("255.255.255.255")
	maxIPv6 = 64
)

func parseAddr(text string) (netip.Addr, bool) {
	switch {
	case len(text) <= maxIPv4 && ipv4.MatchString(text):
		text = withoutZeros(text, ".")
	case len(text) <= maxIPv6 && ipv6.MatchString(text):
		text = withoutZeros(text, ":")
	default:
		return netip.Addr{}, false
	}
	ip, err := netip.ParseAddr(text)
	return ip.Unmap(), err == nil
}

// withoutZeros spells an address without leading zeros in its numbers, which the engine
// ignores: 010 is ten.
func withoutZeros(address, separator string) string {
	numbers := strings.Split(address, separator)
	for i, n := range numbers {
		if n != "" {
			numbers[i] = cmp.Or(strings.TrimLeft(n, "0"), "0")
		}
	}
	return strings.Join(numbers, separator)
}

func parseCIDR(text string) (netip.Prefix, error) {
	host, bits, found := strings.Cut(strings.TrimRight(text, "/"), "/") // slashes at the end are ignored by the engine
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
