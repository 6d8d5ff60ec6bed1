package chain_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cosmossdk.io/math"

	"github.com/alita-network/alita/node/chain"
	"github.com/alita-network/alita/terms"
	computetypes "github.com/alita-network/alita/x/compute/types"
	metadatatypes "github.com/alita-network/alita/x/metadata/types"
)

var moment = time.Date(2026, 11, 1, 12, 0, 0, 5, time.UTC)

func answerJob() computetypes.Job {
	return computetypes.Job{
		Id: "j", Consumer: "c", Status: computetypes.JOB_STATUS_DELIVERING, Failure: computetypes.FAILURE_REASON_COHORT,
		OpenedHeight: 1, DeadlineHeight: 2, DataPerAlita: math.NewIntFromUint64(1 << 63).MulRaw(4), Owners: 3, Contributions: 4,
		Delivered: 5, Operations: 6, Reserved: computetypes.NewFunds(7, 8), Paid: computetypes.NewFunds(9, 10),
		Refunded: computetypes.NewFunds(11, 12), StakersFeePpm: 13, DeliveredOwners: 14, OpenedAt: moment,
		Spec: computetypes.JobSpec{
			PoolId: 15, ProgramId: "p", Columns: []string{"a", "b"}, Length: 16, Input: []byte{17}, Purpose: "science", MinCohort: 18,
			MaxCohort: 19, PricePerMop: math.NewInt(20), Budget: computetypes.NewFunds(21, 22), ContributeBlocks: 23, DeliverBlocks: 24,
			ReaderKey: []byte{25}, Delivery: computetypes.DELIVERY_SECURE_SUM,
			Secure: &computetypes.SecureSum{
				Seats: 26, MaxSeatFee: math.NewInt(27), Rounds: 28, PublicResult: true, Bits: 29, MicroRho: 38,
				Ranges: []computetypes.SlotRange{{Count: 50, Low: -51, High: 52, Variance: 53}},
			},
			MaxRows: 40, MaxFee: 41,
		},
		Round: 30, Attempt: 31, VerifyKey: []byte{32}, Valid: 33, MicroRho: 39, Vdaf: "draft", OpenedAttempts: 42,
		Seats: []computetypes.JobSeat{{
			Operator: "v", Account: "s", Status: computetypes.SEAT_STATUS_OPENED, Key: []byte{34}, Fee: math.NewInt(35), Prepared: 36,
			Commitment: []byte{37},
		}},
	}
}

// What a node sends as the chain's own types is read with every member in its place.
func TestAnswersAreReadWhole(t *testing.T) {
	n, client := serve(t)
	n.job = answerJob()
	n.program = computetypes.Program{
		Id: "p", Author: "a", Name: "moments", Description: "d", Kind: computetypes.VECTOR_KIND_HISTOGRAM, Bits: 1, Row: true,
		Shape: computetypes.Shape{MinColumns: 2, MaxColumns: 3, LengthConstant: 4, LengthPerColumn: 5, MaxLength: 6},
		Cost: computetypes.CostModel{
			Base:     computetypes.Cost{Constant: 7, PerColumn: 8, PerSlot: 9},
			PerBatch: computetypes.Cost{Constant: 10, PerColumn: 11, PerSlot: 12},
			PerRow:   computetypes.Cost{Constant: 13, PerColumn: 14, PerSlot: 15},
		},
		CodeSize: 16, MeteringVersion: 17, StoredAt: moment,
	}
	n.contribution = computetypes.Contribution{
		Attestation: computetypes.Attestation{
			JobId: "j", RecordId: "r", Version: "1.0.0", RowRoot: []byte{1}, Rows: 2, Operations: 3, ResultCommitment: []byte{4}, Round: 9,
		},
		Owner: "o", Worker: "w", Status: computetypes.CONTRIBUTION_STATUS_PAID, Fee: computetypes.NewFunds(5, 6), GrantId: 7, Height: 8,
		Attempt: 10, Prepared: 11, Refused: 12, SeatFee: math.NewInt(13),
	}
	n.record = metadatatypes.Record{
		PrivacyBudget: 21, PrivacySpent: 20, PrivacyReserved: 19,
		Id: "r", Owner: "o", PoolId: 1, Status: metadatatypes.RECORD_STATUS_RETIRED, Versions: 2, Admitted: 3, Rewarded: true,
		NextGrantId: 4, RetireReason: "x", PublishedAt: moment.Add(-time.Hour), ModifiedAt: moment,
	}
	n.version = metadatatypes.Version{
		RecordId: "r", Number: 1, Status: metadatatypes.VERSION_STATUS_ADMITTED, RegisteredAt: moment,
		Content: metadatatypes.VersionContent{
			Version: "1.0.0", Dataset: metadatatypes.Dataset{Columns: []metadatatypes.Column{{Name: "a"}, {Name: "b", Unit: "m"}}},
			Commitment: metadatatypes.RowCommitment{Rows: 5, Root: []byte{6}},
			Location: metadatatypes.SealedLocation{
				Stanzas: []metadatatypes.Stanza{{KeyId: []byte{7}, Enc: []byte{8}, Ciphertext: []byte{9}}}, Body: []byte{10}, Commitment: []byte{11},
			},
		},
	}
	before, after := moment.Add(-time.Hour), moment.Add(time.Hour)
	n.grants = []metadatatypes.Grant{
		{RecordId: "r", Id: 1, Uses: 2, Reserved: 1, Terms: metadatatypes.GrantTerms{
			Grantee: "g", Programs: []string{"p"}, Purposes: []string{"science"}, MaxUses: 3, MinPricePerMop: math.NewInt(4),
			MinCohort: 5, IndividualResults: true, NotBefore: &before, NotAfter: &after, MinDataFee: math.NewInt(6),
		}},
		{RecordId: "r", Id: 2, Terms: metadatatypes.GrantTerms{AnyProgram: true, MinPricePerMop: math.ZeroInt()}},
	}

	job, err := client.Job(t.Context(), "j")
	require.NoError(t, err)
	want := chain.Job{
		Id: "j", Consumer: "c", Status: chain.JobDelivering, Failure: chain.FailureCohort, DeadlineHeight: 2,
		DataPerAlita: math.NewIntFromUint64(1 << 63).MulRaw(4), Owners: 3, Reserved: terms.NewFunds(7, 8), StakersFeePpm: 13,
		Spec: chain.JobSpec{
			PoolId: 15, ProgramId: "p", Columns: []string{"a", "b"}, Length: 16, Input: []byte{17}, Purpose: "science", MinCohort: 18,
			MaxCohort: 19, PricePerMop: math.NewInt(20), Budget: terms.NewFunds(21, 22), ReaderKey: []byte{25}, Delivery: chain.DeliverySecureSum,
			Secure: &chain.SecureSum{
				Seats: 26, Rounds: 28, Bits: 29, PublicResult: true, MicroRho: 38,
				Ranges: terms.Ranges{{Count: 50, Low: -51, High: 52, Variance: 53}},
			},
			MaxRows: 40, MaxFee: 41,
		},
		Round: 30, Attempt: 31, VerifyKey: []byte{32}, Contributions: 4, Valid: 33, MicroRho: 39, Vdaf: "draft", OpenedAttempts: 42,
		Seats: []chain.JobSeat{{
			Operator: "v", Account: "s", Status: chain.SeatOpened, Key: []byte{34}, Fee: math.NewInt(35), Prepared: 36, Commitment: []byte{37},
		}},
	}
	require.EqualExportedValues(t, want, job)
	require.Equal(t, want.DataPerAlita.String(), job.DataPerAlita.String())
	require.Equal(t, want.Spec.PricePerMop.String(), job.Spec.PricePerMop.String())
	require.Equal(t, want.Spec.Budget.Text(), job.Spec.Budget.Text())
	require.Equal(t, want.Reserved.Text(), job.Reserved.Text())
	require.Equal(t, "35", job.Seats[0].Fee.String())
	jobs, err := client.JobsByPool(t.Context(), 15, chain.JobDelivering)
	require.NoError(t, err)
	require.Len(t, jobs, 1)
	require.EqualExportedValues(t, want, jobs[0])

	program, err := client.Program(t.Context(), "p")
	require.NoError(t, err)
	require.Equal(t, chain.Program{
		Id: "p", Author: "a", Name: "moments", MeteringVersion: 17,
		Program: terms.Program{
			Kind: terms.VectorHistogram, Bits: 1, Row: true,
			Shape: terms.Shape{MinColumns: 2, MaxColumns: 3, LengthConstant: 4, LengthPerColumn: 5, MaxLength: 6},
			Cost: terms.CostModel{
				Base:     terms.Cost{Constant: 7, PerColumn: 8, PerSlot: 9},
				PerBatch: terms.Cost{Constant: 10, PerColumn: 11, PerSlot: 12},
				PerRow:   terms.Cost{Constant: 13, PerColumn: 14, PerSlot: 15},
			},
		},
	}, program)

	c, err := client.Contribution(t.Context(), "j", "r")
	require.NoError(t, err)
	require.Equal(t, "5 ualita and 6 Data Token units", c.Fee.Text())
	c.Fee = terms.Funds{}
	require.Equal(t, chain.Contribution{
		Owner: "o", Worker: "w", Status: chain.ContributionPaid, Operations: 3, ResultCommitment: []byte{4}, Height: 8,
		Record: "r", Version: "1.0.0", Round: 9, Attempt: 10, Prepared: 11, Refused: 12,
	}, c)

	record, version, err := client.AdmittedVersion(t.Context(), "r")
	require.NoError(t, err)
	require.Equal(t, chain.Record{
		Id: "r", Owner: "o", PoolId: 1, Status: chain.RecordRetired, Admitted: 3, ModifiedAt: moment,
		PrivacyBudget: 21, PrivacySpent: 20, PrivacyReserved: 19,
	}, record)
	require.Equal(t, chain.Version{Status: chain.VersionAdmitted, Content: chain.VersionContent{
		Version: "1.0.0", Columns: []string{"a", "b"}, Commitment: chain.RowCommitment{Rows: 5, Root: []byte{6}},
		Location: chain.SealedLocation{
			Stanzas: []chain.Stanza{{KeyId: []byte{7}, Enc: []byte{8}, Ciphertext: []byte{9}}}, Body: []byte{10}, Commitment: []byte{11},
		},
	}}, version)

	grants, err := client.Grants(t.Context(), "r")
	require.NoError(t, err)
	require.Len(t, grants, 2)
	require.Equal(t, "4", grants[0].Terms.MinPricePerMop.String())
	require.Equal(t, "6", grants[0].Terms.MinDataFee.String())
	require.True(t, grants[1].Terms.MinPricePerMop.IsZero())
	require.True(t, grants[1].Terms.MinDataFee.IsZero())
	for i := range grants {
		grants[i].Terms.MinPricePerMop, grants[i].Terms.MinDataFee = math.Int{}, math.Int{}
	}
	require.Equal(t, []chain.Grant{
		{Id: 1, Uses: 2, Reserved: 1, Terms: terms.GrantTerms{
			Grantee: "g", Programs: []string{"p"}, Purposes: []string{"science"}, MaxUses: 3, MinCohort: 5, IndividualResults: true,
			NotBefore: &before, NotAfter: &after,
		}},
		{Id: 2, Terms: terms.GrantTerms{AnyProgram: true}},
	}, grants)
}

// A secure sum says how it is made, so nobody who asks IsSecure meets one that does not.
func TestSecureSumWithoutItsTerms(t *testing.T) {
	n, client := serve(t)
	n.job = answerJob()
	n.job.Spec.Secure = nil
	_, err := client.Job(t.Context(), "j")
	require.ErrorContains(t, err, "secure: expected how the secure sum is made, got none")
}

// A node that answers numbers which the chain cannot hold is refused, not believed.
func TestAnswersOutOfRangeAreRefused(t *testing.T) {
	n, client := serve(t)
	for name, change := range map[string]func(*computetypes.Job){
		"price_per_mop":  func(j *computetypes.Job) { j.Spec.PricePerMop = math.NewInt(-1) },
		"budget.alita":   func(j *computetypes.Job) { j.Spec.Budget.Alita = math.NewInt(-1) },
		"budget.data":    func(j *computetypes.Job) { j.Spec.Budget.Data = math.NewInt(-1) },
		"reserved.alita": func(j *computetypes.Job) { j.Reserved.Alita = math.NewInt(-1) },
		"data_per_alita": func(j *computetypes.Job) {
			j.DataPerAlita = math.NewIntFromUint64(1 << 63).Mul(math.NewIntFromUint64(1 << 63)).Mul(math.NewIntFromUint64(1 << 63)).MulRaw(8)
		},
	} {
		n.job = answerJob()
		change(&n.job)
		_, err := client.Job(t.Context(), "j")
		require.ErrorContains(t, err, name+": expected a whole number of at most 192 bits", name)
		_, err = client.JobsByPool(t.Context(), 15, chain.JobDelivering)
		require.ErrorContains(t, err, "entry 0: "+name, name)
	}
}
