package console

// minAddress is the least length of a hexadecimal number that is not taken for a word.
const minAddress = 8

// fold is what lines have in common that differ in numbers only: times, process ids,
// sectors, addresses. Spaces are as many as align them.
func fold(line string) string {
	key := make([]byte, 0, len(line))
	for i := 0; i < len(line); {
		n, digits := number(line[i:])
		switch {
		case n >= minAddress && digits:
			i += n
			continue
		case n == 0:
			n = 1
		}
		for _, c := range []byte(line[i : i+n]) {
			if c != ' ' && (c < '0' || '9' < c) {
				key = append(key, c)
			}
		}
		i += n
	}
	return string(key)
}

// number returns how long a number in hexadecimal is at the beginning of s, and whether it
// has decimal digits, which a word has not.
func number(s string) (n int, digits bool) {
	for n < len(s) {
		switch c := s[n] | 0x20; {
		case '0' <= c && c <= '9' && s[n] == c:
			digits = true
		case c < 'a' || 'f' < c:
			return n, digits
		}
		n++
	}
	return n, digits
}
