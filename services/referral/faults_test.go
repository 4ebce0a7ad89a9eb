package referral

import (
	"slices"
	"testing"

	"example.org/passerelle/pkg/engine/enginetest"
	"example.org/passerelle/pkg/refusal"
)

// TestARequestIsToldAllThatIsWrong: what the document finds, the other referrals it names, and the consent.
func TestARequestIsToldAllThatIsWrong(t *testing.T) {
	t.Parallel()
	w := setup(t)
	refused := flagged
	refused.FlagID, refused.PersonID, refused.Help = "f9", "p9", "none"
	w.Tell(refused)
	for body, want := range map[string][]string{
		`{"flag_id": "f9"}`: {" consent_missing", "session_id required"},
		`{"flag_id": "f9", "session_id": "s1", "follows": "no-such"}`:                     {" consent_missing", "follows unknown_referral"},
		`{"flag_id": "f9", "session_id": "s1", "follows": 7, "together_with": "no-such"}`: {" consent_missing", "follows wrong_type", "together_with unknown_flag"},
		`{"flag_id": "f9", "session_id": 7}`:                                              {" consent_missing", "session_id wrong_type"},
		`{"flag_id": "f1", "session_id": "s1", "place_id": "l1", "follows": "no-such"}`:   {"follows unknown_referral", "place_id not_with_session"},
		`{"flag_id": 7, "session_id": "s1", "place_id": "l1"}`:                            {"flag_id wrong_type", "place_id not_with_session"},
		`{"session_id": ["s1"]}`:                                                          {"flag_id required", "session_id wrong_type"},
		`{"flag_id": "f1", "session_id": "s1", "together_with": 7, "follows": false}`:     {"follows wrong_type", "together_with wrong_type"},
	} {
		var got []string
		for _, f := range enginetest.Read[struct{ Errors refusal.Faults }](w, w.Ask("advisor-34", "POST", referrals, body), 422).Errors {
			got = append(got, f.Field+" "+f.Code)
		}
		if slices.Sort(got); !slices.Equal(got, want) {
			t.Errorf("%s\ngot  %q\nwant %q", body, got, want)
		}
	}
	if told := w.Told(Name); len(told) != 0 {
		t.Error(told)
	}
}
