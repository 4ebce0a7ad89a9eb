package next_test

import (
	"testing"
	"time"

	"example.org/passerelle/services/next"
)

// monday is when the flag came in.
var monday = time.Date(2021, 11, 15, 11, 0, 0, 0, time.UTC)

func flag(change func(*next.Flag)) next.Flag {
	f := next.Flag{Status: "submitted", Help: "to_refer", MayRefer: true, Desk: "montpellier", SubmittedAt: monday}
	if change != nil {
		change(&f)
	}
	return f
}

func TestWhatHappensNextHasAnOwnerAndADay(t *testing.T) {
	t.Parallel()
	asked := next.Referral{Status: "requested", Provider: "provider-a", OpenedAt: monday}
	for name, c := range map[string]struct {
		change func(*next.Flag)
		want   next.Step
	}{
		"a new flag is referred within ten working days": {nil, next.Step{What: next.Refer, Who: "montpellier", By: "2021-11-29"}},
		"or by its deadline":                             {func(f *next.Flag) { f.Deadline = "2021-11-19" }, next.Step{What: next.Refer, Who: "montpellier", By: "2021-11-19"}},
		"whoever took it up does it":                     {func(f *next.Flag) { f.AssignedTo = "advisor-34" }, next.Step{What: next.Refer, Who: "advisor-34", By: "2021-11-29"}},
		"who comes back has waited":                      {func(f *next.Flag) { f.Back, f.HelpAt = true, monday.AddDate(0, 0, 4) }, next.Step{What: next.Refer, Who: "montpellier", By: "2021-11-24"}},
		"a wish is looked at again after a month":        {func(f *next.Flag) { f.Help = "wished" }, next.Step{What: next.Offer, Who: "montpellier", By: "2021-12-15"}},
		"the review comes first where it must":           {func(f *next.Flag) { f.MayRefer = false }, next.Step{What: next.Review, Who: "montpellier", By: "2021-11-22"}},
		"nobody reviews for one colleague":               {func(f *next.Flag) { f.MayRefer, f.AssignedTo = false, "advisor-34" }, next.Step{What: next.Review, Who: "montpellier", By: "2021-11-22"}},
		"a returned sheet is amended":                    {func(f *next.Flag) { f.MayRefer, f.Status = false, "returned" }, next.Step{What: next.Amend, Who: "montpellier", By: "2021-11-29"}},
		"what is no observation is closed":               {func(f *next.Flag) { f.MayRefer, f.Status = false, "dismissed" }, next.Step{What: next.Close, Who: "montpellier", By: "2021-11-29"}},
		"an anonymous sheet is reviewed":                 {func(f *next.Flag) { f.Help = "none" }, next.Step{What: next.Review, Who: "montpellier", By: "2021-11-22"}},
		"unless nobody reviews":                          {func(f *next.Flag) { f.Help, f.Unreviewed = "none", true }, next.Step{What: next.None}},
		"and then nothing is left":                       {func(f *next.Flag) { f.Help, f.Status = "none", "validated" }, next.Step{What: next.None}},
		"a closed flag needs nobody":                     {func(f *next.Flag) { f.Help = "closed" }, next.Step{What: next.None}},
		"nor the dead":                                   {func(f *next.Flag) { f.Gone = true }, next.Step{What: next.None}},
		"the provider answers":                           {func(f *next.Flag) { f.Help, f.Referrals = "referred", []next.Referral{asked} }, next.Step{What: next.Answer, Who: "provider-a", By: "2021-12-15"}},
		"an ended referral is nobody's":                  {func(f *next.Flag) { f.Referrals = []next.Referral{{Status: "withdrawn", Provider: "provider-a"}} }, next.Step{What: next.Refer, Who: "montpellier", By: "2021-11-29"}},
		"a seat goes before a question": {func(f *next.Flag) {
			f.Referrals = []next.Referral{asked, {Status: "waitlisted", Provider: "provider-b", First: monday}, {Status: "enrolled", Provider: "provider-b", First: monday.AddDate(0, 0, 21)}}
		}, next.Step{What: next.Attend, Who: "provider-b", By: "2021-12-06"}},
		"after an address the desk asks": {func(f *next.Flag) {
			f.Help, f.Referrals = "referred", []next.Referral{{Status: "advised", OpenedAt: monday}}
		}, next.Step{What: next.Ask, Who: "montpellier", By: "2021-12-02"}},
		"who was helped is closed": {func(f *next.Flag) {
			f.Help, f.Referrals = "referred", []next.Referral{{Status: "completed", OpenedAt: monday, Helped: monday.AddDate(0, 0, 10)}}
		}, next.Step{What: next.Close, Who: "montpellier", By: "2021-12-09"}},
		"who was helped and asks again is referred": {func(f *next.Flag) {
			f.Referrals = []next.Referral{{Status: "completed", OpenedAt: monday, Helped: monday.AddDate(0, 0, 10)}}
		}, next.Step{What: next.Refer, Who: "montpellier", By: "2021-11-29"}},
		"the help goes on though the sheet was sent back": {func(f *next.Flag) { f.Status = "returned" }, next.Step{What: next.Refer, Who: "montpellier", By: "2021-11-29"}},
	} {
		if got := next.Of(flag(c.change)); got != c.want {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
}

// TestF2EveryStateOfAnOpenFlagHasAStep goes through all states there are.
func TestF2EveryStateOfAnOpenFlagHasAStep(t *testing.T) {
	t.Parallel()
	for _, status := range []string{"submitted", "validated", "returned", "dismissed", "withdrawn"} {
		for _, help := range []string{"none", "to_refer", "wished", "referred", "closed"} {
			for _, may := range []bool{true, false} {
				f := flag(func(f *next.Flag) { f.Status, f.Help, f.MayRefer = status, help, may })
				step := next.Of(f)
				over := help == "closed" || help == "none" && status != "submitted" && status != "returned"
				if over != (step.What == next.None) || !over && (step.Who == "" || step.By == "") {
					t.Errorf("%s %s %v: %+v", status, help, may, step)
				}
			}
		}
	}
}

// TestF2WhateverBecomesOfAReferralSomebodyHasTheNextStep goes through all states of the only referral.
func TestF2WhateverBecomesOfAReferralSomebodyHasTheNextStep(t *testing.T) {
	t.Parallel()
	for status, help := range map[string]string{
		"requested": "referred", "in_study": "referred", "waitlisted": "referred", "offered": "referred", "enrolled": "referred", "in_progress": "referred", "advised": "referred",
		"completed": "referred", "followed_up": "referred", "declined": "to_refer", "expired": "to_refer", "unserved": "to_refer", "cancelled": "to_refer",
		"dropped": "to_refer", "no_show": "to_refer", "withdrawn": "to_refer", "unreachable": "to_refer",
	} {
		r := next.Referral{Status: status, Provider: "provider-a", OpenedAt: monday}
		if status == "completed" || status == "followed_up" {
			r.Helped = monday.AddDate(0, 0, 10)
		}
		step := next.Of(flag(func(f *next.Flag) { f.Help, f.Referrals = help, []next.Referral{r} }))
		if step.What == next.None || step.Who == "" || step.By == "" {
			t.Errorf("%s: %+v", status, step)
		}
	}
}
