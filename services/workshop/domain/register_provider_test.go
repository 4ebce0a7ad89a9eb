package domain

import (
	"reflect"
	"testing"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/story"
)

func givenProvider(t *testing.T, facts ...events.Providers) story.Case[Provider, events.Providers] {
	return story.Given(t, EvolveProvider, facts...)
}

var thirdPlace = events.ProviderRegistered{
	ProviderID: "p1", Name: "Tiers-lieu Exemple-Garrigue", Fund: "carsat-lr", Department: "34", Insee: "34172", By: "partnership-lr", At: noon,
}

func register(change func(*RegisterProvider)) RegisterProvider {
	r := RegisterProvider{
		Territory:  []string{"11", "30", "34", "48", "66"},
		ProviderID: "p1", Fund: "carsat-lr", Name: "Tiers-lieu Exemple-Garrigue", Insee: "34172", By: "partnership-lr", At: noon,
	}
	if change != nil {
		change(&r)
	}
	return r
}

func TestAProviderBelongsToTheFundAndTheDepartmentOfItsCommune(t *testing.T) {
	t.Parallel()
	after := givenProvider(t).When(register(nil)).Then(thirdPlace)
	if got := after.State; !reflect.DeepEqual(got, Provider{ID: "p1", Fund: "carsat-lr", Department: "34"}) {
		t.Error(got)
	}
}

func TestTheContactOfAProviderIsTold(t *testing.T) {
	t.Parallel()
	told := thirdPlace
	told.Street, told.Contact = "4 place de l'Invention", events.Clear("key", events.ProviderContact{Phone: "04 65 71 34 90"})
	givenProvider(t).When(register(func(r *RegisterProvider) {
		r.Street, r.Contact, r.ContactKey = "4 place de l'Invention", events.ProviderContact{Phone: "04 65 71 34 90"}, "key"
	})).Then(told)
}

func TestAProviderWithoutANameOrOfAnotherFundIsNotRegistered(t *testing.T) {
	t.Parallel()
	givenProvider(t).When(register(func(r *RegisterProvider) { r.Name, r.Insee = " ", "58194" })).
		Faults("name required", "insee not_your_territory")
	for _, elsewhere := range []string{"58194", "2A004", "97105", "34", ""} {
		givenProvider(t).When(register(func(r *RegisterProvider) { r.Insee = elsewhere })).Faults("insee not_your_territory")
	}
	givenProvider(t).When(register(func(r *RegisterProvider) { r.Fund, r.Territory = "", nil })).Faults("insee not_your_territory")
}

func TestAProviderIsRegisteredOnce(t *testing.T) {
	t.Parallel()
	givenProvider(t, thirdPlace).When(register(nil)).Refused(ErrAlreadyRegistered)
}

func TestAProviderAndASessionDoNotMix(t *testing.T) {
	t.Parallel()
	if got := given(t, thirdPlace).State; got.exists() {
		t.Error(got)
	}
}
