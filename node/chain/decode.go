package chain

import (
	"errors"
	"fmt"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"cosmossdk.io/math"

	computev1 "github.com/alita-network/alita/api/compute/v1"
	metadatav1 "github.com/alita-network/alita/api/metadata/v1"
	"github.com/alita-network/alita/terms"
)

// maxIntBits bounds the whole numbers of an answer: the largest that the chain stores is a price of Data Tokens. Sums
// and products of smaller numbers stay in the range of math.Int, whatever a node answers.
const maxIntBits = terms.MaxAmountBits + terms.PriceBits + 1

// wholeNumber reads 0 to 2^192-1.
func wholeNumber(name, text string) (math.Int, error) {
	v, ok := math.NewIntFromString(text)
	if !ok || v.IsNegative() || v.BigInt().BitLen() > maxIntBits {
		return math.Int{}, fmt.Errorf("%s: expected a whole number of at most %d bits, got %.80q", name, maxIntBits, text)
	}
	return v, nil
}

func fundsOf(name string, m *computev1.Funds) (terms.Funds, error) {
	alita, err := wholeNumber(name+".alita", m.GetAlita())
	if err != nil {
		return terms.Funds{}, err
	}
	data, err := wholeNumber(name+".data", m.GetData())
	if err != nil {
		return terms.Funds{}, err
	}
	return terms.Funds{Alita: alita, Data: data}, nil
}

func workerOf(m *metadatav1.Worker) Worker {
	return Worker{Owner: m.GetOwner(), PublicKey: m.GetPublicKey()}
}

func recordOf(m *metadatav1.Record) Record {
	return Record{
		Id: m.GetId(), Owner: m.GetOwner(), PoolId: m.GetPoolId(), Status: m.GetStatus(), Admitted: m.GetAdmitted(),
		ModifiedAt:    m.GetModifiedAt().AsTime(),
		PrivacyBudget: m.GetPrivacyBudget(), PrivacySpent: m.GetPrivacySpent(), PrivacyReserved: m.GetPrivacyReserved(),
		PanelID: m.GetPanelId(),
	}
}

func versionOf(m *metadatav1.Version) Version {
	c := m.GetContent()
	out := Version{Status: m.GetStatus(), Content: VersionContent{
		Version:    c.GetVersion(),
		Commitment: RowCommitment{Rows: c.GetCommitment().GetRows(), Root: c.GetCommitment().GetRoot()},
		Location:   SealedLocation{Body: c.GetLocation().GetBody(), Commitment: c.GetLocation().GetCommitment()},
	}}
	for _, col := range c.GetDataset().GetColumns() {
		out.Content.Columns = append(out.Content.Columns, col.GetName())
	}
	for _, s := range c.GetLocation().GetStanzas() {
		out.Content.Location.Stanzas = append(out.Content.Location.Stanzas, Stanza{
			KeyId: s.GetKeyId(), Enc: s.GetEnc(), Ciphertext: s.GetCiphertext(),
		})
	}
	return out
}

func grantOf(m *metadatav1.Grant) (Grant, error) {
	t := m.GetTerms()
	price, err := wholeNumber("min_price_per_mop", t.GetMinPricePerMop())
	if err != nil {
		return Grant{}, err
	}
	data, err := wholeNumber("min_data_fee", t.GetMinDataFee())
	if err != nil {
		return Grant{}, err
	}
	return Grant{Id: m.GetId(), Uses: m.GetUses(), Reserved: m.GetReserved(), Terms: terms.GrantTerms{
		Grantee: t.GetGrantee(), Programs: t.GetPrograms(), AnyProgram: t.GetAnyProgram(), Purposes: t.GetPurposes(),
		MaxUses: t.GetMaxUses(), MinPricePerMop: price, MinCohort: t.GetMinCohort(), IndividualResults: t.GetIndividualResults(),
		NotBefore: timeOf(t.GetNotBefore()), NotAfter: timeOf(t.GetNotAfter()), MinDataFee: data,
	}}, nil
}

func timeOf(t *timestamppb.Timestamp) *time.Time {
	if t == nil {
		return nil
	}
	v := t.AsTime()
	return &v
}

func programOf(m *computev1.Program) Program {
	cost := func(c *computev1.Cost) terms.Cost {
		return terms.Cost{Constant: c.GetConstant(), PerColumn: c.GetPerColumn(), PerSlot: c.GetPerSlot()}
	}
	s, c := m.GetShape(), m.GetCost()
	return Program{
		Program: terms.Program{
			Kind: terms.VectorKind(m.GetKind()), Bits: m.GetBits(), Row: m.GetRow(),
			Shape: terms.Shape{
				MinColumns: s.GetMinColumns(), MaxColumns: s.GetMaxColumns(),
				LengthConstant: s.GetLengthConstant(), LengthPerColumn: s.GetLengthPerColumn(), MaxLength: s.GetMaxLength(),
			},
			Cost: terms.CostModel{Base: cost(c.GetBase()), PerBatch: cost(c.GetPerBatch()), PerRow: cost(c.GetPerRow())},
		},
		Id: m.GetId(), Author: m.GetAuthor(), Name: m.GetName(), MeteringVersion: m.GetMeteringVersion(),
	}
}

func specOf(m *computev1.JobSpec) (JobSpec, error) {
	price, err := wholeNumber("price_per_mop", m.GetPricePerMop())
	if err != nil {
		return JobSpec{}, err
	}
	budget, err := fundsOf("budget", m.GetBudget())
	if err != nil {
		return JobSpec{}, err
	}
	var secure *SecureSum
	if m.GetSecure() != nil {
		secure = &SecureSum{
			Seats: m.GetSecure().GetSeats(), Rounds: m.GetSecure().GetRounds(), Bits: m.GetSecure().GetBits(),
			PublicResult: m.GetSecure().GetPublicResult(), MicroRho: m.GetSecure().GetMicroRho(),
		}
		for _, r := range m.GetSecure().GetRanges() {
			secure.Ranges = append(secure.Ranges, terms.SlotRange{Count: r.GetCount(), Low: r.GetLow(), High: r.GetHigh(), Variance: r.GetVariance()})
		}
	}
	if terms.Delivery(m.GetDelivery()).IsSecure() && secure == nil {
		return JobSpec{}, errors.New("secure: expected how the secure sum is made, got none")
	}
	return JobSpec{
		PoolId: m.GetPoolId(), ProgramId: m.GetProgramId(), Columns: m.GetColumns(), Length: m.GetLength(), Input: m.GetInput(),
		Purpose: m.GetPurpose(), MinCohort: m.GetMinCohort(), MaxCohort: m.GetMaxCohort(), PricePerMop: price, Budget: budget,
		ReaderKey: m.GetReaderKey(), Delivery: m.GetDelivery(), Secure: secure, MaxRows: m.GetMaxRows(), MaxFee: m.GetMaxFee(),
		Panels: m.GetPanels(),
	}, nil
}

func jobOf(m *computev1.Job) (Job, error) {
	spec, err := specOf(m.GetSpec())
	if err != nil {
		return Job{}, err
	}
	price, err := wholeNumber("data_per_alita", m.GetDataPerAlita())
	if err != nil {
		return Job{}, err
	}
	reserved, err := fundsOf("reserved", m.GetReserved())
	if err != nil {
		return Job{}, err
	}
	var seats []JobSeat
	for i, seat := range m.GetSeats() {
		fee, err := wholeNumber(fmt.Sprintf("seats[%d].fee", i), seat.GetFee())
		if err != nil {
			return Job{}, err
		}
		out := JobSeat{
			Operator: seat.GetOperator(), Account: seat.GetAccount(), Status: seat.GetStatus(), Key: seat.GetKey(), Fee: fee,
			Commitment: seat.GetCommitment(), Prepared: seat.GetPrepared(),
		}
		if n := seat.GetNoise(); n != nil {
			out.Noise = &SeatNoise{Commitment: n.GetCommitment(), Status: n.GetStatus(), Prepared: n.GetPrepared(), Refused: n.GetRefused()}
		}
		seats = append(seats, out)
	}
	return Job{
		Id: m.GetId(), Consumer: m.GetConsumer(), Spec: spec, Status: m.GetStatus(), Failure: m.GetFailure(),
		DeadlineHeight: m.GetDeadlineHeight(), DataPerAlita: price, Owners: m.GetOwners(), Reserved: reserved,
		StakersFeePpm: m.GetStakersFeePpm(), Round: m.GetRound(), Attempt: m.GetAttempt(), Seats: seats,
		VerifyKey: m.GetVerifyKey(), Contributions: m.GetContributions(), Valid: m.GetValid(), MicroRho: m.GetMicroRho(),
		Vdaf: m.GetVdaf(), OpenedAttempts: m.GetOpenedAttempts(),
	}, nil
}

func contributionOf(m *computev1.Contribution) (Contribution, error) {
	fee, err := fundsOf("fee", m.GetFee())
	if err != nil {
		return Contribution{}, err
	}
	a := m.GetAttestation()
	return Contribution{
		Owner: m.GetOwner(), Worker: m.GetWorker(), Status: m.GetStatus(), Operations: a.GetOperations(),
		ResultCommitment: a.GetResultCommitment(), Fee: fee, Height: m.GetHeight(),
		Record: a.GetRecordId(), Version: a.GetVersion(), Round: a.GetRound(), Attempt: m.GetAttempt(),
		Prepared: m.GetPrepared(), Refused: m.GetRefused(),
	}, nil
}
