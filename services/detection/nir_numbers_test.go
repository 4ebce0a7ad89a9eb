package detection

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// keyOf works the key out digit by digit, otherwise than the rule does.
func keyOf(number string) string {
	rest := 0
	for _, c := range number {
		digit := int(c - '0')
		switch c {
		case 'A':
			digit = -1 // 2A counts as 19
		case 'B':
			digit = -2 // 2B counts as 18
		}
		rest = (rest*10 + digit) % 97
	}
	return fmt.Sprintf("%02d", 97-(rest+97)%97)
}

const many = 20_000

// draw makes numbers of all kinds.
type draw struct{ *rand.Rand }

func (d draw) pick(list ...string) string { return list[d.IntN(len(list))] }

func (d draw) digits(n int) (s string) {
	for range n {
		s += string(rune('0' + d.IntN(10)))
	}
	return s
}

func (d draw) sex() string   { return d.pick("1", "2") }
func (d draw) month() string { return fmt.Sprintf("%02d", 1+d.IntN(12)) }

func (d draw) number(sex, month, place string) string {
	return sex + d.digits(2) + month + place + d.digits(5-len(place)) + fmt.Sprintf("%03d", 1+d.IntN(999))
}

func (d draw) right() string {
	return d.number(d.sex(), d.pick(d.month(), d.month(), "20", "30", "42", "50", "99"),
		d.pick("01", "13", "20", "34", "75", "90", "91", "92", "93", "94", "95", "96", "2A", "2B", "971", "974", "976", "987", "988", "99"))
}

func withKey(number string) string { return number + keyOf(number) }

func (d draw) wrongDigit() string {
	n := withKey(d.right())
	i := d.IntN(len(n))
	if n[i] > '9' {
		i++
	}
	return n[:i] + d.digits(1) + n[i+1:]
}

func (d draw) swapped() string {
	n := withKey(d.right())
	i := d.IntN(len(n) - 1)
	return n[:i] + n[i+1:i+2] + n[i:i+1] + n[i+2:]
}

func (d draw) spaced() string {
	n := withKey(d.right())
	return strings.Join([]string{n[:1], n[1:3], n[3:5], n[5:7], n[7:10], n[10:13], n[13:]}, d.pick(" ", ".", "-", "\u00a0", "\u202f"))
}

// generated are numbers of all kinds, the same in every run.
func generated() (numbers []string) {
	d := draw{rand.New(rand.NewPCG(1982, 103))}
	kinds := []func() string{
		func() string { return withKey(d.right()) },
		func() string { return withKey(d.number(d.sex(), d.month(), d.pick("2A", "2B", "20"))) },
		func() string { return withKey(d.number(d.sex(), d.month(), d.pick("97", "98")+d.digits(1))) },
		func() string { return withKey(d.number(d.sex(), d.digits(2), "34")) },
		func() string { return withKey(d.number(d.digits(1), d.month(), "69")) },
		func() string { return withKey(d.number(d.sex(), d.month(), "59")[:10] + "000") },
		func() string { return d.right() + d.digits(2) },
		func() string { return d.right() + d.pick("98", "99", "00") },
		func() string { n := withKey(d.right()); return n[:len(n)-1-d.IntN(3)] },
		func() string { return withKey(d.right()) + d.digits(1) },
		func() string { return strings.ToLower(withKey(d.number(d.sex(), d.month(), d.pick("2A", "2B")))) },
		func() string { return d.pick("7", "8") + d.sex() + d.digits(11) },
		func() string { return d.digits(15) },
		d.wrongDigit, d.swapped, d.spaced,
	}
	for i := range many {
		numbers = append(numbers, kinds[i%len(kinds)]())
	}
	return numbers
}
