package main

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

func TestAPlantedNumberIsFoundInALog(t *testing.T) {
	t.Parallel()
	for _, printed := range []string{
		"260073417200510", "2600734172005", "2 60 07 34 172 005 10", "2 60 07 34 172 005", "2.60.07.34.172.005.10", "284052a32102552", "2-60-07-34-172-005-10",
		`nir="260073417200510"`, "(260073417200510)", "nir=260073417200510.",
	} {
		log := fmt.Sprintf("{\"Action\":\"output\",\"Package\":\"p\",\"Test\":\"TestOne\",\"Output\":%q}\n", "before "+printed+" after\n")
		for form, text := range map[string]string{"as JSON": log, "as text": "level=INFO msg=" + printed + "\n"} {
			hits, err := scan("log", strings.NewReader("one line\n"+text))
			if err != nil || len(hits) != 1 || !strings.HasPrefix(hits[0], "log:2: ") || strings.Contains(hits[0], "2600734") {
				t.Errorf("%s %s: %v %v", printed, form, hits, err)
			}
		}
	}
}

func TestWhatIsNoNumberIsLeft(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	for _, text := range []string{
		"260073417200511", "2600034172005", fmt.Sprint(now.UnixMilli()), fmt.Sprint(now.UnixNano()), "1500734172000",
		"01999000-1507-7341-7200-510000000000", "04 65 71 00 00", "passerelle-data1507934172", "0.2600734172005", "2026-11-22T10:11:12.123456789Z",
	} {
		if found := numbersIn("x "+text+" y", now); found != nil {
			t.Errorf("%q: %v", text, found)
		}
	}
}
