package events

import (
	"reflect"
)

// The catalogue maps a name on the wire to the type of the fact. A new shape gets a new name; an old
// name stays as long as a ledger holds it.
var catalogue = []struct {
	name string
	fact Fact
}{
	{"detection.person-registered.v1", PersonRegistered{}},
	{"detection.senior-flagged.v1", SeniorFlagged{}},
	{"detection.flag-validated.v1", FlagValidated{}},
	{"detection.help-referred.v1", HelpReferred{}},
	{"detection.help-returned.v1", HelpReturned{}},
	{"detection.help-ended.v1", HelpEnded{}},
	{"detection.help-resumed.v1", HelpResumed{}},
	{"detection.flag-handed-over.v1", FlagHandedOver{}},
	{"detection.person-corrected.v1", PersonCorrected{}},
	{"detection.person-moved.v1", PersonMoved{}},
	{"detection.person-merged.v1", PersonMerged{}},
	{"detection.record-joined.v1", RecordJoined{}},
	{"detection.record-left.v1", RecordLeft{}},
	{"detection.person-parted.v1", PersonParted{}},
	{"detection.person-linked.v1", PersonLinked{}},
	{"detection.wishes-noted.v1", WishesNoted{}},
	{"detection.consent-noted.v1", ConsentNoted{}},
	{"detection.person-objected.v1", PersonObjected{}},
	{"detection.death-told.v1", DeathTold{}},
	{"detection.death-undone.v1", DeathUndone{}},
	{"detection.erasure-requested.v1", ErasureRequested{}},
	{"detection.erasure-undone.v1", ErasureUndone{}},
	{"detection.person-erased.v1", PersonErased{}},
	{"detection.flag-returned.v1", FlagReturned{}},
	{"detection.flag-amended.v1", FlagAmended{}},
	{"detection.flag-reclassified.v1", FlagReclassified{}},
	{"detection.flag-dismissed.v1", FlagDismissed{}},
	{"detection.flag-withdrawn.v1", FlagWithdrawn{}},
	{"detection.review-reminded.v1", ReviewReminded{}},
	{"detection.flag-closed.v1", FlagClosed{}},
	{"detection.flag-reopened.v1", FlagReopened{}},
	{"detection.help-wished.v1", HelpWished{}},
	{"detection.help-acted.v1", HelpActed{}},
	{"detection.signal-sent.v1", SignalSent{}},
	{"detection.signal-answered.v1", SignalAnswered{}},
	{"detection.flag-transferred.v1", FlagTransferred{}},
	{"detection.flag-taken-up.v1", FlagTakenUp{}},
	{"detection.validation-begun.v1", ValidationBegun{}},
	{"detection.flags-validated.v1", FlagsValidated{}},
	{"detection.refusal-counted.v1", RefusalCounted{}},
	{"detection.enquiry-counted.v1", EnquiryCounted{}},
	{"detection.campaign-opened.v1", CampaignOpened{}},
	{"detection.observation-told.v1", ObservationTold{}},
	{"detection.observation-corrected.v1", ObservationCorrected{}},
	{"detection.observations-published.v1", ObservationsPublished{}},
	{"detection.campaign-ended.v1", CampaignEnded{}},
	{"detection.campaign-closed.v1", CampaignClosed{}},
	{"detection.tables-published.v1", TablesPublished{}},
	{"detection.recommendation-proposed.v1", RecommendationProposed{}},
	{"detection.recommendation-moved.v1", RecommendationMoved{}},

	{"referral.referral-opened.v1", ReferralOpened{}},
	{"referral.referral-answered.v1", ReferralAnswered{}},
	{"referral.referral-withdrawn.v1", ReferralWithdrawn{}},
	{"referral.referral-handed-over.v1", ReferralHandedOver{}},
	{"referral.referral-undone.v1", ReferralUndone{}},
	{"referral.referral-dated.v1", ReferralDated{}},
	{"referral.address-given.v1", AddressGiven{}},
	{"referral.address-followed-up.v1", AddressFollowedUp{}},
	{"referral.call-asked.v1", CallAsked{}},
	{"referral.contact-noted.v1", ContactNoted{}},
	{"referral.letter-asked.v1", LetterAsked{}},
	{"referral.close-asked.v1", CloseAsked{}},
	{"referral.alternative-sought.v1", AlternativeSought{}},
	{"referral.alternative-forgone.v1", AlternativeForgone{}},

	{"workshop.session-planned.v1", SessionPlanned{}},
	{"workshop.seat-requested.v1", SeatRequested{}},
	{"workshop.seat-held.v1", SeatHeld{}},
	{"workshop.request-queued.v1", RequestQueued{}},
	{"workshop.seat-taken.v1", SeatTaken{}},
	{"workshop.waiting-list-joined.v1", WaitingListJoined{}},
	{"workshop.request-declined.v1", RequestDeclined{}},
	{"workshop.request-lapsed.v1", RequestLapsed{}},
	{"workshop.request-withdrawn.v1", RequestWithdrawn{}},
	{"workshop.provider-registered.v1", ProviderRegistered{}},
	{"workshop.session-opened.v1", SessionOpened{}},
	{"workshop.session-confirmed.v1", SessionConfirmed{}},
	{"workshop.session-capacity-changed.v1", SessionCapacityChanged{}},
	{"workshop.session-rescheduled.v1", SessionRescheduled{}},
	{"workshop.session-amended.v1", SessionAmended{}},
	{"workshop.meeting-cancelled.v1", MeetingCancelled{}},
	{"workshop.session-adapted.v1", SessionAdapted{}},
	{"workshop.own-seats-set.v1", OwnSeatsSet{}},
	{"workshop.relay-set.v1", RelaySet{}},
	{"workshop.last-seats-called.v1", LastSeatsCalled{}},
	{"workshop.registration-closed.v1", RegistrationClosed{}},
	{"workshop.session-started.v1", SessionStarted{}},
	{"workshop.session-cancelled.v1", SessionCancelled{}},
	{"workshop.session-stopped.v1", SessionStopped{}},
	{"workshop.session-closed.v1", SessionClosed{}},
	{"workshop.paper-filed.v1", PaperFiled{}},
	{"workshop.services-presented.v1", ServicesPresented{}},
	{"workshop.attendance-recorded.v1", AttendanceRecorded{}},
	{"workshop.attendance-counted.v1", AttendanceCounted{}},
	{"workshop.request-studied.v1", RequestStudied{}},
	{"workshop.answer-reminded.v1", AnswerReminded{}},
	{"workshop.link-issued.v1", LinkIssued{}},
	{"workshop.link-opened.v1", LinkOpened{}},
	{"workshop.link-code-missed.v1", LinkCodeMissed{}},
	{"workshop.link-used.v1", LinkUsed{}},
	{"workshop.link-asked.v1", LinkAsked{}},
	{"workshop.hold-ended.v1", HoldEnded{}},
	{"workshop.seat-offered.v1", SeatOffered{}},
	{"workshop.seat-offer-passed.v1", SeatOfferPassed{}},
	{"workshop.seat-offer-not-reached.v1", SeatOfferNotReached{}},
	{"workshop.seat-offer-lapsed.v1", SeatOfferLapsed{}},
	{"workshop.seat-freed.v1", SeatFreed{}},
	{"workshop.request-unserved.v1", RequestUnserved{}},
	{"workshop.request-cancelled.v1", RequestCancelled{}},
	{"workshop.participant-dropped.v1", ParticipantDropped{}},
	{"workshop.participant-removed.v1", ParticipantRemoved{}},
	{"workshop.participant-restored.v1", ParticipantRestored{}},
	{"workshop.no-show.v1", NoShow{}},
	{"workshop.outcome-recorded.v1", OutcomeRecorded{}},
	{"workshop.request-handed-over.v1", RequestHandedOver{}},
	{"workshop.alternative-held.v1", AlternativeHeld{}},
	{"workshop.alternative-ended.v1", AlternativeEnded{}},
	{"workshop.place-registered.v1", PlaceRegistered{}},
	{"workshop.place-amended.v1", PlaceAmended{}},
	{"workshop.place-reported.v1", PlaceReported{}},
	{"workshop.place-closed.v1", PlaceClosed{}},
	{"workshop.provider-amended.v1", ProviderAmended{}},
	{"workshop.provider-labelled.v1", ProviderLabelled{}},
	{"workshop.provider-closed.v1", ProviderClosed{}},

	{"equipment.item-registered.v1", ItemRegistered{}},
	{"equipment.tablet-kept.v1", TabletKept{}},
	{"equipment.tablet-lacking.v1", TabletLacking{}},
	{"equipment.tablet-handed-over.v1", TabletHandedOver{}},
	{"equipment.tablet-returned.v1", TabletReturned{}},
	{"equipment.tablet-released.v1", TabletReleased{}},

	{"access.fund-registered.v1", FundRegistered{}},
	{"access.desk-set.v1", DeskSet{}},
	{"access.organisation-set.v1", OrganisationSet{}},
	{"access.membership-granted.v1", MembershipGranted{}},
	{"access.membership-bound.v1", MembershipBound{}},
	{"access.membership-ended.v1", MembershipEnded{}},
	{"access.account-linked.v1", AccountLinked{}},
	{"access.programme-set.v1", ProgrammeSet{}},
}

var (
	names       = map[reflect.Type]string{}
	types       = map[string]reflect.Type{}
	sealedField = map[reflect.Type]int{}
)

func init() {
	for _, entry := range catalogue {
		typ := reflect.TypeOf(entry.fact)
		names[typ] = entry.name
		types[entry.name] = typ
		for i := range typ.NumField() {
			if reflect.PointerTo(typ.Field(i).Type).Implements(reflect.TypeFor[Details]()) {
				sealedField[typ] = i
			}
		}
	}
}
