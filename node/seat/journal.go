package seat

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/alita-network/alita/crypto/label"
	"github.com/alita-network/alita/crypto/seal"
	"github.com/alita-network/alita/node/chain"
	"github.com/alita-network/alita/node/journal"
)

// Errors of the journal, in addition to journal.ErrJournal and journal.ErrLocked. The last three say why a seat does not answer in a job.
var (
	ErrForeignJournal = errors.New("the journal is another seat's")

	ErrNoKey    = errors.New("the journal holds no key for this job")
	ErrErased   = errors.New("the key for this job was erased when the job was over")
	ErrAnswered = errors.New("this seat has answered otherwise")
)

// Journal is the memory of a seat: the key that it gave for each open job, encrypted under the key file, and its answers. Every
// entry is on the disk before the seat sends the answer. The keys are random: once Erase has dropped one, the key file does not
// bring it back. The fact that a job's key was erased stays in the journal, in some 70 bytes for each job.
type Journal struct {
	log     *journal.Journal[subject, entry]
	box     box
	holding map[string]bool // the jobs whose keys it holds
}

// subject is the subject of an entry: an attempt of a job, a job if round and attempt are 0, or the journal itself if there is no
// job.
type subject struct {
	Job     string `json:"job,omitempty"`
	Round   uint32 `json:"round,omitempty"`
	Attempt uint32 `json:"attempt,omitempty"`
}

// entry is a line of the journal.
type entry struct {
	subject

	// For the journal itself: the chain and the account that it belongs to. Sealed opens only under the right key file.
	Chain string `json:"chain,omitempty"`
	Seat  string `json:"seat,omitempty"`

	// For a job: the seed of its key, the height at which it was first seen to be over, and whether the key was erased.
	Sealed []byte `json:"sealed,omitempty"`
	Over   int64  `json:"over,omitempty"`
	Erased bool   `json:"erased,omitempty"`

	// For an attempt: hashes of the shares of the seat's noise, of the verify_key under which contributions are judged, and of the opened sum.
	Noise     []byte `json:"noise,omitempty"`
	VerifyKey []byte `json:"verify_key,omitempty"`
	Opening   []byte `json:"opening,omitempty"`
}

const (
	journalDamaged = "it holds the answers of this seat and the keys of its open jobs, so the seat does not start: see what damaged the disk. " +
		"If you move the file away, the seat starts with an empty one. It then cannot answer in the jobs that are open now, and loses a part of its bond for each that waits for it"
	journalForeign = "put back the seat.key and seat.yaml that belong to it, or give another --home"
)

var journalFormat = journal.Format[subject, entry]{
	Key: func(e entry) (subject, error) {
		switch {
		case e.Job == "" && (e.Chain == "" || e.Seat == "" || e.subject != subject{}):
			return subject{}, errors.New("entry: expected a job, got none")
		case (e.Round == 0) != (e.Attempt == 0):
			return subject{}, fmt.Errorf("entry: expected a round and an attempt, or neither, got %d and %d", e.Round, e.Attempt)
		}
		return e.subject, nil
	},
	Compare: func(a, b subject) int {
		return cmp.Or(cmp.Compare(a.Job, b.Job), cmp.Compare(a.Round, b.Round), cmp.Compare(a.Attempt, b.Attempt))
	},
	Keep:    func(e entry) (entry, bool) { return e, true },
	Damaged: journalDamaged,
}

// OpenJournal opens or creates the journal of the seat that an account signs for on a chain. key is the key file's. The errors
// are journal.ErrLocked, ErrForeignJournal, and journal.ErrJournal for a file that cannot be read.
func OpenJournal(path string, key seal.PrivateKey, chainID, account string) (*Journal, error) {
	b, err := newBox(key, chainID, account)
	if err != nil {
		return nil, err
	}
	log, err := journal.Open(path, journalFormat)
	if err != nil {
		return nil, err
	}
	j := &Journal{log: log, box: b, holding: map[string]bool{}}
	if err := j.claim(path); err != nil {
		return nil, errors.Join(err, log.Close())
	}
	return j, nil
}

// claim makes a new journal this seat's, and refuses another one's.
func (j *Journal) claim(path string) error {
	states := j.log.States()
	if len(states) == 0 {
		mark, err := j.box.seal("", nil)
		if err != nil {
			return err
		}
		return j.log.Append(entry{Chain: j.box.chainID, Seat: j.box.account, Sealed: mark})
	}
	held, err := j.box.check(path, states)
	if err != nil {
		return err
	}
	for _, id := range held {
		j.holding[id] = true
	}
	return nil
}

// Holds reads the journal at path without a lock and returns the ids of the jobs whose keys it holds, in their order. A file that
// does not exist holds none. The errors are the errors of OpenJournal.
func Holds(path string, key seal.PrivateKey, chainID, account string) ([]string, error) {
	b, err := newBox(key, chainID, account)
	if err != nil {
		return nil, err
	}
	states, err := journal.Read(path, journalFormat)
	if err != nil || len(states) == 0 {
		return nil, err
	}
	return b.check(path, states)
}

// check makes sure that a journal is this seat's and that its keys can be read, and returns the jobs that have one.
func (b box) check(path string, states []entry) (held []string, err error) {
	head := states[0] // an empty job comes first
	if head.Job != "" {
		return nil, fmt.Errorf("%w: %s: expected the account that it belongs to, got none; %s", journal.ErrJournal, path, journalDamaged)
	}
	if head.Chain != b.chainID || head.Seat != b.account {
		return nil, fmt.Errorf("%w: %s: expected the journal of %s on %s, as key file and configuration say, got the one of %s on %s; %s",
			ErrForeignJournal, path, b.account, b.chainID, head.Seat, head.Chain, journalForeign)
	}
	if _, err := b.open("", head.Sealed); err != nil {
		return nil, fmt.Errorf("%w: %s: expected a journal that the key file opens, got another; %s", ErrForeignJournal, path, journalForeign)
	}
	for _, e := range states[1:] {
		if e.Round != 0 || len(e.Sealed) == 0 {
			continue
		}
		if _, err := b.open(e.Job, e.Sealed); err != nil {
			return nil, fmt.Errorf("%w: key of job %s in %s: expected one that the key file opens, got a damaged one; %s", journal.ErrJournal, e.Job, path, journalDamaged)
		}
		held = append(held, e.Job)
	}
	return held, nil
}

// Key is the key that the seat gave for a job, or ErrNoKey or ErrErased.
func (j *Journal) Key(jobID string) (seal.PrivateKey, error) {
	e, ok := j.log.State(subject{Job: jobID})
	switch {
	case !ok:
		return seal.PrivateKey{}, ErrNoKey
	case e.Erased:
		return seal.PrivateKey{}, ErrErased
	}
	seed, err := j.box.open(jobID, e.Sealed)
	if err != nil {
		return seal.PrivateKey{}, err
	}
	return seal.ParsePrivateKey(seed)
}

// NewKey is the key to give for a job: a new one, on the disk when this returns, or the one that was made before. The error is
// ErrErased if it was erased: the answers in the job are erased with the key, so the seat answers nothing more in it.
func (j *Journal) NewKey(jobID string) (seal.PrivateKey, error) {
	key, err := j.Key(jobID)
	if !errors.Is(err, ErrNoKey) {
		return key, err
	}
	if key, err = seal.GenerateKey(); err != nil {
		return seal.PrivateKey{}, err
	}
	seed, err := key.Bytes()
	if err != nil {
		return seal.PrivateKey{}, err
	}
	sealed, err := j.box.seal(jobID, seed)
	if err != nil {
		return seal.PrivateKey{}, err
	}
	if err := j.log.Append(entry{subject: subject{Job: jobID}, Sealed: sealed}); err != nil {
		return seal.PrivateKey{}, err
	}
	j.holding[jobID] = true
	return key, nil
}

// AddingNoise records the hash of the shares of the noise that the seat hands in for the present attempt of a job. The error is ErrAnswered if
// it has handed in another noise.
func (j *Journal) AddingNoise(job chain.Job, hash []byte) error {
	e, err := j.answers(job)
	if err != nil || bytes.Equal(e.Noise, hash) {
		return err
	}
	if len(e.Noise) > 0 {
		return fmt.Errorf("%w: noise of round %d, attempt %d: expected the noise that it has handed in, got another one", ErrAnswered, job.Round, job.Attempt)
	}
	e.Noise = hash
	return j.log.Append(e)
}

// Noise is the hash of the shares of the noise that the seat has handed in for the present attempt of a job; nil if it has handed in none.
func (j *Journal) Noise(job chain.Job) ([]byte, error) {
	e, err := j.answers(job)
	return e.Noise, err
}

// Judging records the verify_key under which contributions to the present attempt of a job are judged. The error is ErrAnswered
// if they were judged under another one.
func (j *Journal) Judging(job chain.Job) error {
	hash := label.Hash("alita/seat/verify-key/v1", job.VerifyKey)
	e, err := j.answers(job)
	if err != nil || bytes.Equal(e.VerifyKey, hash[:]) {
		return err
	}
	if len(e.VerifyKey) > 0 {
		return fmt.Errorf("%w: verify_key of round %d, attempt %d: expected the one that it has judged under, got another; judging under both would reveal shares",
			ErrAnswered, job.Round, job.Attempt)
	}
	e.VerifyKey = hash[:]
	return j.log.Append(e)
}

// Opening records the opening of the sum of the present attempt of a job, and its reader. The error is ErrAnswered if another
// sum was opened, or the sum to another reader.
func (j *Journal) Opening(job chain.Job, opening []byte) error {
	reader := job.Spec.ReaderKey
	if job.Spec.Secure.PublicResult {
		reader = nil
	}
	hash := label.Hash("alita/seat/opening/v1", opening, reader)
	e, err := j.answers(job)
	if err != nil || bytes.Equal(e.Opening, hash[:]) {
		return err
	}
	if len(e.Opening) > 0 {
		return fmt.Errorf("%w: sum of round %d, attempt %d: expected the one that it has opened, and the same reader, got another; both would reveal their difference",
			ErrAnswered, job.Round, job.Attempt)
	}
	e.Opening = hash[:]
	return j.log.Append(e)
}

// answers is the entry with the answers in the present attempt of a job. The errors are ErrNoKey and ErrErased.
func (j *Journal) answers(job chain.Job) (entry, error) {
	if _, err := j.Key(job.Id); err != nil {
		return entry{}, err
	}
	at := subject{job.Id, job.Round, job.Attempt}
	if e, ok := j.log.State(at); ok {
		return e, nil
	}
	return entry{subject: at}, nil
}

// Jobs are the ids of the jobs whose keys the journal holds, in their order.
func (j *Journal) Jobs() []string { return slices.Sorted(maps.Keys(j.holding)) }

// Over is the height at which a job was first seen to be over, or 0.
func (j *Journal) Over(jobID string) int64 {
	e, _ := j.log.State(subject{Job: jobID})
	return e.Over
}

// SetOver records the height at which a job was first seen to be over. 0 means that it is not over. It does nothing for a job without a key.
func (j *Journal) SetOver(jobID string, height int64) error {
	e, ok := j.log.State(subject{Job: jobID})
	if !ok || e.Erased || e.Over == height {
		return nil
	}
	e.Over = height
	return j.log.Append(e)
}

// Erase drops the keys of jobs and the answers in them, for good. The journal still knows that there was a key, so that no other
// one is given.
func (j *Journal) Erase(jobIDs ...string) error {
	gone := make(map[string]bool, len(jobIDs))
	for _, id := range jobIDs {
		gone[id] = j.holding[id]
	}
	err := j.log.Rewrite(func(e entry) (entry, bool) {
		if !gone[e.Job] {
			return e, true
		}
		return entry{subject: e.subject, Erased: true}, e.Round == 0
	})
	if err != nil {
		return err
	}
	for _, id := range jobIDs {
		delete(j.holding, id)
	}
	return nil
}

// Close releases the file and its lock.
func (j *Journal) Close() error { return j.log.Close() }

// box encrypts seeds under the key file. A sealed seed opens only for the same chain, seat and job.
type box struct {
	journal.Box

	chainID, account string
}

func newBox(key seal.PrivateKey, chainID, account string) (box, error) {
	seed, err := key.Bytes()
	if err != nil {
		return box{}, err
	}
	b, err := journal.NewBox(seed, "alita/seat/journal/v1")
	return box{b, chainID, account}, err
}

func (b box) bound(jobID string) []byte {
	hash := label.Hash("alita/seat/journal-key/v1", []byte(b.chainID), []byte(b.account), []byte(jobID))
	return hash[:]
}

func (b box) seal(jobID string, seed []byte) ([]byte, error) {
	return b.Seal(nil, seed, b.bound(jobID))
}

func (b box) open(jobID string, sealed []byte) ([]byte, error) { return b.Open(sealed, b.bound(jobID)) }
