package nodetest

import (
	"encoding/binary"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"cosmossdk.io/math"

	computev1 "github.com/alita-network/alita/api/compute/v1"
	metadatav1 "github.com/alita-network/alita/api/metadata/v1"
	"github.com/alita-network/alita/crypto/securesum"
	"github.com/alita-network/alita/light/keys"
	"github.com/alita-network/alita/light/lighttest"
	"github.com/alita-network/alita/node/chain"
	"github.com/alita-network/alita/terms"
)

// State is the chain's state as its modules store it.
type State struct {
	lighttest.State
	t testing.TB
}

// NewState returns a state with parameters and the versions of the modules.
func NewState(t testing.TB, maxContributionBytes uint32) State {
	s := State{lighttest.State{}, t}
	for module, version := range keys.Layout {
		s.Set(keys.Upgrade, keys.ModuleVersion(module), binary.BigEndian.AppendUint64(nil, version))
	}
	// unbonding_time {seconds: 1814400}: 21 days
	s.Set(keys.Staking, keys.StakingParams(), []byte{0x0a, 0x04, 0x08, 0x80, 0xdf, 0x6e})
	s.put(keys.Compute, keys.Params(), &computev1.Params{MaxContributionBytes: maxContributionBytes})
	s.put(keys.Metadata, keys.Params(), &metadatav1.Params{MaxVersions: 1})
	return s
}

func (s State) put(store string, key []byte, m proto.Message) {
	b, err := proto.Marshal(m)
	require.NoError(s.t, err)
	s.Set(store, key, b)
}

func number(v math.Int) string {
	if v.IsNil() {
		return "0"
	}
	return v.String()
}

func funds(f terms.Funds) *computev1.Funds {
	return &computev1.Funds{Alita: number(f.Alita), Data: number(f.Data)}
}

func timestamp(t *time.Time) *timestamppb.Timestamp {
	if t == nil {
		return nil
	}
	return timestamppb.New(*t)
}

// PutJob stores a job in its parts, and the keys of its seats.
func (s State) PutJob(j chain.Job) {
	s.put(keys.Compute, keys.Progress(j.Id), &computev1.JobProgress{
		Status: j.Status, Failure: j.Failure, DeadlineHeight: j.DeadlineHeight, Round: j.Round, Attempt: j.Attempt, Owners: j.Owners,
		Contributions: j.Contributions, Reserved: funds(j.Reserved),
	})
	spec := &computev1.JobSpec{
		PoolId: j.Spec.PoolId, ProgramId: j.Spec.ProgramId, Columns: j.Spec.Columns, Length: j.Spec.Length, Purpose: j.Spec.Purpose,
		MinCohort: j.Spec.MinCohort, MaxCohort: j.Spec.MaxCohort, PricePerMop: number(j.Spec.PricePerMop), Budget: funds(j.Spec.Budget),
		Delivery: j.Spec.Delivery, MaxRows: j.Spec.MaxRows, MaxFee: j.Spec.MaxFee, Panels: j.Spec.Panels,
	}
	if secure := j.Spec.Secure; secure != nil {
		spec.Secure = &computev1.SecureSum{
			Seats: secure.Seats, Rounds: secure.Rounds, Bits: secure.Bits, PublicResult: secure.PublicResult, MicroRho: secure.MicroRho,
		}
		for _, r := range secure.Ranges {
			spec.Secure.Ranges = append(spec.Secure.Ranges, &computev1.SlotRange{Count: r.Count, Low: r.Low, High: r.High, Variance: r.Variance})
		}
		seats := &computev1.JobSeats{VerifyKey: j.VerifyKey, Valid: j.Valid, OpenedAttempts: j.OpenedAttempts}
		for _, seat := range j.Seats {
			out := &computev1.JobSeat{
				Operator: seat.Operator, Account: seat.Account, Status: seat.Status, Fee: number(seat.Fee), Commitment: seat.Commitment,
				Prepared: seat.Prepared,
			}
			if n := seat.Noise; n != nil {
				out.Noise = &computev1.SeatNoise{Commitment: n.Commitment, Status: n.Status, Prepared: n.Prepared, Refused: n.Refused}
			}
			seats.Seats = append(seats.Seats, out)
			if len(seat.Key) > 0 {
				s.Set(keys.Compute, keys.SeatKey(j.Id, seat.Operator), seat.Key)
			}
		}
		s.put(keys.Compute, keys.Seats(j.Id), seats)
	}
	s.put(keys.Compute, keys.Terms(j.Id), &computev1.JobTerms{
		Consumer: j.Consumer, Spec: spec, DataPerAlita: number(j.DataPerAlita), StakersFeePpm: j.StakersFeePpm, MicroRho: j.MicroRho,
		Vdaf: j.Vdaf,
	})
	s.put(keys.Compute, keys.Question(j.Id), &computev1.JobQuestion{Input: j.Spec.Input, ReaderKey: j.Spec.ReaderKey})
}

// PutContribution stores a contribution, and what the seats said of it.
func (s State) PutContribution(job string, c chain.Contribution, said chain.Preparations) {
	s.put(keys.Compute, keys.Contribution(job, c.Record), &computev1.Contribution{
		Owner: c.Owner, Worker: c.Worker, Status: c.Status, Fee: funds(c.Fee), Height: c.Height, Attempt: c.Attempt, Prepared: c.Prepared,
		Refused: c.Refused, Attestation: &computev1.Attestation{
			JobId: job, RecordId: c.Record, Version: c.Version, Operations: c.Operations, ResultCommitment: c.ResultCommitment, Round: c.Round,
		},
	})
	if len(said.Message) > 0 {
		s.Set(keys.Compute, keys.Message(job, c.Record), said.Message)
		return
	}
	for i, share := range said.Shares {
		if len(share) > 0 {
			s.Set(keys.Compute, keys.Prepared(job, c.Record, uint64(i)), share)
		}
	}
}

// PutShares stores what an owner has shared.
func (s State) PutShares(job, record string, shared securesum.Shared, attempt uint32) {
	s.put(keys.Compute, keys.Shares(job, record), chain.SharedVector(shared, attempt))
}

// PutProgram stores what a program states about itself.
func (s State) PutProgram(p chain.Program) {
	cost := func(c terms.Cost) *computev1.Cost {
		return &computev1.Cost{Constant: c.Constant, PerColumn: c.PerColumn, PerSlot: c.PerSlot}
	}
	s.put(keys.Compute, keys.Program(p.Id), &computev1.Program{
		Id: p.Id, Author: p.Author, Name: p.Name, MeteringVersion: p.MeteringVersion, Kind: computev1.VectorKind(p.Kind), Bits: p.Bits,
		Row: p.Row,
		Shape: &computev1.Shape{
			MinColumns: p.Shape.MinColumns, MaxColumns: p.Shape.MaxColumns, LengthConstant: p.Shape.LengthConstant,
			LengthPerColumn: p.Shape.LengthPerColumn, MaxLength: p.Shape.MaxLength,
		},
		Cost: &computev1.CostModel{Base: cost(p.Cost.Base), PerBatch: cost(p.Cost.PerBatch), PerRow: cost(p.Cost.PerRow)},
	})
}

// PutRecord stores a record and its admitted version.
func (s State) PutRecord(r chain.Record, v chain.Version) {
	s.put(keys.Metadata, keys.Record(r.Id), &metadatav1.Record{
		Id: r.Id, Owner: r.Owner, PoolId: r.PoolId, Status: r.Status, Versions: r.Admitted, Admitted: r.Admitted, ModifiedAt: timestamppb.New(r.ModifiedAt),
		PrivacyBudget: r.PrivacyBudget, PrivacySpent: r.PrivacySpent, PrivacyReserved: r.PrivacyReserved,
		PanelId: r.PanelID,
	})
	s.PutVersion(r.Id, r.Admitted, v)
}

// PutVersion stores a version of a record.
func (s State) PutVersion(record string, number uint32, v chain.Version) {
	location := &metadatav1.SealedLocation{Body: v.Content.Location.Body, Commitment: v.Content.Location.Commitment}
	for _, stanza := range v.Content.Location.Stanzas {
		location.Stanzas = append(location.Stanzas, &metadatav1.Stanza{KeyId: stanza.KeyId, Enc: stanza.Enc, Ciphertext: stanza.Ciphertext})
	}
	dataset := &metadatav1.Dataset{}
	for _, name := range v.Content.Columns {
		dataset.Columns = append(dataset.Columns, &metadatav1.Column{Name: name})
	}
	s.put(keys.Metadata, keys.Version(record, number), &metadatav1.Version{Status: v.Status, Number: number, Content: &metadatav1.VersionContent{
		Version: v.Content.Version, Dataset: dataset, Location: location,
		Commitment: &metadatav1.RowCommitment{Rows: v.Content.Commitment.Rows, Root: v.Content.Commitment.Root},
	}})
}

// PutPanel stores a panel and its members.
func (s State) PutPanel(p chain.Panel) {
	t := &metadatav1.PanelTerms{
		Class: metadatav1.PanelClass(p.Terms.Class), Programs: p.Terms.Programs, Purposes: p.Terms.Purposes, MinPricePerMop: number(p.Terms.MinPricePerMop),
		Threshold: p.Terms.Threshold, OwnerUnit: p.Terms.OwnerUnit,
	}
	for _, q := range p.Terms.Questions {
		question := &metadatav1.PanelQuestion{ProgramId: q.ProgramID, Columns: q.Columns, Length: q.Length, Input: q.Input}
		for _, r := range q.Ranges {
			question.Ranges = append(question.Ranges, &metadatav1.PanelRange{Count: r.Count, Low: r.Low, High: r.High})
		}
		t.Questions = append(t.Questions, question)
	}
	s.put(keys.Metadata, keys.Panel(p.Id), &metadatav1.Panel{
		Id: p.Id, Proposer: p.Proposer, Salt: p.Salt, PoolId: p.PoolId, Terms: t, Status: p.Status, Edition: p.Edition, OpenedSlots: p.OpenedSlots,
		MaxSlots: p.MaxSlots, Jobs: p.Jobs, Signed: p.Signed, Staged: p.Staged, MemberCount: p.MemberCount,
	})
	for _, m := range p.Members {
		s.put(keys.Metadata, keys.PanelMember(p.Id, m.Record), &metadatav1.PanelMember{
			RecordId: m.Record, Owner: m.Owner, Signed: m.Signed, Version: m.Version, Staged: m.Staged, Rows: m.Rows, Columns: m.Columns,
		})
	}
}

// PutGrant stores a grant of a record.
func (s State) PutGrant(record string, g chain.Grant) {
	t := g.Terms
	s.put(keys.Metadata, keys.Grant(record, g.Id), &metadatav1.Grant{RecordId: record, Id: g.Id, Uses: g.Uses, Reserved: g.Reserved, Terms: &metadatav1.GrantTerms{
		Grantee: t.Grantee, Programs: t.Programs, AnyProgram: t.AnyProgram, Purposes: t.Purposes, MaxUses: t.MaxUses,
		MinPricePerMop: number(t.MinPricePerMop), MinCohort: t.MinCohort, IndividualResults: t.IndividualResults,
		NotBefore: timestamp(t.NotBefore), NotAfter: timestamp(t.NotAfter), MinDataFee: number(t.MinDataFee),
	}})
}

// PutWorker stores a registered worker.
func (s State) PutWorker(address string, w chain.Worker) {
	account, err := chain.ParseAddress(address)
	require.NoError(s.t, err)
	s.put(keys.Metadata, keys.Worker(account), &metadatav1.Worker{Address: address, Owner: w.Owner, PublicKey: w.PublicKey})
}
