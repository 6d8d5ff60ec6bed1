package keeper_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/x/compute/types"
	metadatatypes "github.com/alita-network/alita/x/metadata/types"
)

// Each case spoils one thing of a contribution that would be accepted.
func TestContributeRefuses(t *testing.T) {
	tests := map[string]struct {
		spoil func(f *fixture, m *types.MsgContribute)
		want  error
		says  string
	}{
		"not an address": {func(_ *fixture, m *types.MsgContribute) { m.Worker = "x" }, types.ErrInvalidAddress, "worker"},
		"unknown job":    {func(_ *fixture, m *types.MsgContribute) { m.Attestation.JobId = strings.Repeat("0", 32) }, types.ErrJobNotFound, "000"},
		"not a job":      {func(_ *fixture, m *types.MsgContribute) { m.Attestation.JobId = "../" }, types.ErrInvalidJob, "32 lower-case"},
		"unknown record": {func(_ *fixture, m *types.MsgContribute) { m.Attestation.RecordId = strings.Repeat("0", 32) }, metadatatypes.ErrRecordNotFound, "000"},
		"not a record":   {func(_ *fixture, m *types.MsgContribute) { m.Attestation.RecordId = "" }, types.ErrInvalidAttestation, "32 lower-case"},
		"a stranger":     {func(_ *fixture, m *types.MsgContribute) { m.Worker = bech(account("eve")) }, types.ErrNotWorker, "registered workers"},
		"another's worker": {func(f *fixture, m *types.MsgContribute) {
			f.registry.workers[string(account("eve"))] = account("bob")
			m.Worker = bech(account("eve"))
		}, types.ErrNotWorker, "registered workers"},
		"another version":   {func(_ *fixture, m *types.MsgContribute) { m.Attestation.Version = "1.0.1" }, types.ErrWrongVersion, "version: expected 1.0.0, got 1.0.1"},
		"no version":        {func(_ *fixture, m *types.MsgContribute) { m.Attestation.Version = "" }, types.ErrInvalidAttestation, "at least 1 characters"},
		"more rows":         {func(_ *fixture, m *types.MsgContribute) { m.Attestation.Rows++ }, types.ErrWrongRows, "rows: expected 100, got 101"},
		"another root":      {func(_ *fixture, m *types.MsgContribute) { m.Attestation.RowRoot = make([]byte, 32) }, types.ErrWrongRows, "expected"},
		"short root":        {func(_ *fixture, m *types.MsgContribute) { m.Attestation.RowRoot = make([]byte, 31) }, types.ErrInvalidAttestation, "expected 32"},
		"no commitment":     {func(_ *fixture, m *types.MsgContribute) { m.Attestation.ResultCommitment = nil }, types.ErrInvalidAttestation, "expected 32"},
		"an operation more": {func(_ *fixture, m *types.MsgContribute) { m.Attestation.Operations++ }, types.ErrWrongOperations, "expected 4974 for 100 rows, got 4975"},
		"an operation less": {func(_ *fixture, m *types.MsgContribute) { m.Attestation.Operations-- }, types.ErrWrongOperations, "expected 4974 for 100 rows"},
		"no grant":          {func(f *fixture, m *types.MsgContribute) { f.registry.denied[m.Attestation.RecordId] = true }, metadatatypes.ErrNotGranted, ""},
		"another pool": {func(f *fixture, m *types.MsgContribute) {
			c := f.registry.records[m.Attestation.RecordId]
			c.PoolID = 2
			f.registry.records[m.Attestation.RecordId] = c
		}, types.ErrWrongRecord, "expected 1"},
		"no such column": {func(f *fixture, m *types.MsgContribute) {
			c := f.registry.records[m.Attestation.RecordId]
			c.Columns = []string{"day"}
			f.registry.records[m.Attestation.RecordId] = c
		}, types.ErrWrongRecord, `"speed"`},
		"too late": {func(f *fixture, m *types.MsgContribute) {
			f.ctx = f.ctx.WithBlockHeight(f.job(m.Attestation.JobId).DeadlineHeight + 1)
		}, types.ErrDeadline, "at most 11"},
		"after the window": {func(f *fixture, m *types.MsgContribute) { f.endBlocks(11) }, types.ErrWrongPhase, "JOB_STATUS_CONTRIBUTING"},
		"twice": {func(f *fixture, m *types.MsgContribute) {
			_, err := f.msg.Contribute(f.ctx, m)
			require.NoError(f.t, err)
		}, types.ErrAlreadyContributed, recordID("first")},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t)
			consumer := account("consumer")
			f.fund(consumer, 100_000, 400_000)
			record := f.addRecord("first", account("ada"), 100)
			msg := f.attest(f.open(consumer, 1, f.spec()), record)
			tc.spoil(f, msg)
			f.requireRefused(t, tc.want, tc.says, func() error {
				_, err := f.msg.Contribute(f.ctx, msg)
				return err
			})
		})
	}
}

// Each case spoils one thing of a delivery that would be accepted.
func TestDeliverRefuses(t *testing.T) {
	tests := map[string]struct {
		spoil func(f *fixture, m *types.MsgDeliver)
		want  error
		says  string
	}{
		"not an address":    {func(_ *fixture, m *types.MsgDeliver) { m.Worker = "" }, types.ErrInvalidAddress, "worker"},
		"unknown job":       {func(_ *fixture, m *types.MsgDeliver) { m.JobId = strings.Repeat("0", 32) }, types.ErrJobNotFound, "000"},
		"not a record":      {func(_ *fixture, m *types.MsgDeliver) { m.RecordId = "x" }, types.ErrInvalidAttestation, "32 lower-case"},
		"never contributed": {func(_ *fixture, m *types.MsgDeliver) { m.RecordId = strings.Repeat("0", 32) }, types.ErrContributionNotFound, "000"},
		"a stranger":        {func(_ *fixture, m *types.MsgDeliver) { m.Worker = bech(account("eve")) }, types.ErrNotWorker, "registered workers"},
		"a slot more": {func(_ *fixture, m *types.MsgDeliver) {
			m.Sealed.Ciphertext = append(bytes.Clone(m.Sealed.Ciphertext), make([]byte, 8)...)
		}, types.ErrInvalidSealedVector, "ciphertext: expected 40 bytes for 3 slots, got 48"},
		"no vector":          {func(_ *fixture, m *types.MsgDeliver) { m.Sealed = types.SealedVector{} }, types.ErrInvalidSealedVector, "expected 1120"},
		"enc a byte short":   {func(_ *fixture, m *types.MsgDeliver) { m.Sealed.Enc = m.Sealed.Enc[1:] }, types.ErrInvalidSealedVector, "expected 1120"},
		"another ciphertext": {func(_ *fixture, m *types.MsgDeliver) { m.Sealed.Ciphertext = make([]byte, 40) }, types.ErrCommitmentMismatch, "expected"},
		"too late": {func(f *fixture, m *types.MsgDeliver) {
			f.ctx = f.ctx.WithBlockHeight(f.job(m.JobId).DeadlineHeight + 1)
		}, types.ErrDeadline, "at most"},
		"after the end": {func(f *fixture, _ *types.MsgDeliver) { f.endBlocks(6) }, types.ErrWrongPhase, "JOB_STATUS_DELIVERING"},
		"twice": {func(f *fixture, m *types.MsgDeliver) {
			_, err := f.msg.Deliver(f.ctx, m)
			require.NoError(f.t, err)
		}, types.ErrAlreadyDelivered, recordID("first")},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t)
			consumer := account("consumer")
			f.fund(consumer, 100_000, 400_000)
			job := f.open(consumer, 1, f.spec())
			f.contribute(job, f.addRecord("first", account("ada"), 100))
			f.contribute(job, f.addRecord("second", account("bob"), 100))
			f.endBlocks(11)
			msg := f.delivery(job, recordID("first"))
			tc.spoil(f, msg)
			f.requireRefused(t, tc.want, tc.says, func() error {
				_, err := f.msg.Deliver(f.ctx, msg)
				return err
			})
		})
	}
}

// Nothing readable is posted before the cohort is reached.
func TestDeliverRefusesBeforeTheCohort(t *testing.T) {
	f := newFixture(t)
	consumer := account("consumer")
	f.fund(consumer, 100_000, 400_000)
	job := f.open(consumer, 1, f.spec())
	f.contribute(job, f.addRecord("first", account("ada"), 100))
	before := f.state()
	_, err := f.msg.Deliver(f.ctx, f.delivery(job, recordID("first")))
	require.ErrorIs(t, err, types.ErrWrongPhase)
	require.True(t, before == f.state(), "the state changed")
}

// The worker that contributed may deliver even if the owner has removed it since.
// Any other worker of the owner may deliver, too.
func TestDeliverByWorkers(t *testing.T) {
	for name, by := range map[string]string{"removed": "old laptop", "another": "new laptop"} {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t)
			consumer, ada := account("consumer"), account("ada")
			f.fund(consumer, 100_000, 400_000)
			f.registry.workers[string(account("old laptop"))] = ada
			job := f.open(consumer, 1, f.spec())
			msg := f.attest(job, f.addRecord("first", ada, 100))
			msg.Worker = bech(account("old laptop"))
			_, err := f.msg.Contribute(f.ctx, msg)
			require.NoError(t, err)
			f.contribute(job, f.addRecord("second", account("bob"), 100))
			f.endBlocks(11)
			delete(f.registry.workers, string(account("old laptop")))
			f.registry.workers[string(account("new laptop"))] = ada
			delivery := f.delivery(job, recordID("first"))
			delivery.Worker = bech(account(by))
			_, err = f.msg.Deliver(f.ctx, delivery)
			require.NoError(t, err)
		})
	}
}
