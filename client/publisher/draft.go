package publisher

import (
	"crypto/rand"
	"errors"
	"fmt"

	"github.com/alita-network/alita/client/publisher/document"
	"github.com/alita-network/alita/client/tx"
	"github.com/alita-network/alita/crypto/seal"
	datapooltypes "github.com/alita-network/alita/x/datapool/types"
	"github.com/alita-network/alita/x/metadata/types"
)

// ErrRefused is the error of a draft with findings that refuse it.
var ErrRefused = errors.New("the record is refused")

// Draft is a version of a record that is not registered yet: what the document gave, and the local file.
type Draft struct {
	document.Imported
	// File is nil if the document was checked without a file; such a draft cannot be registered.
	File *File
}

// Check maps a document to a draft. With a file, the columns and the checksum are the file's, and the document is
// checked against them. required are the columns that the pool requires, if they are known: if all values of a column
// have the required type, the column takes that type.
//
// The error means that the document cannot be read, and is one of document.Import's. Everything else is among the
// findings; see Draft.Refusal.
func Check(doc []byte, opts document.Options, file *File, required []datapooltypes.RequiredColumn) (Draft, error) {
	if file != nil {
		file.describe(&opts)
		adoptTypes(opts.Types, required)
	}
	imported, err := document.Import(doc, opts)
	if err != nil {
		return Draft{}, err
	}
	return Draft{Imported: imported, File: file}, nil
}

// Refusal returns nil if the chain accepts the draft, else an ErrRefused.
func (d Draft) Refusal() error {
	n := 0
	for _, f := range d.Findings {
		if f.Severity == types.SeverityError {
			n++
		}
	}
	if n == 0 {
		return nil
	}
	return fmt.Errorf("%w: %d of the findings say why", ErrRefused, n)
}

// Registration returns the id of a new record with a random salt, and the message by which its owner registers it in
// a pool. The file's location is sealed to the workers and bound to the chain, the record and the owner.
func (d Draft) Registration(chainID, owner string, poolID uint64, workers []types.Worker) (recordID string, msg *types.MsgRegisterRecord, err error) {
	account, err := tx.AddressCodec().StringToBytes(owner)
	if err != nil {
		return "", nil, fmt.Errorf("owner: %w", err)
	}
	salt := make([]byte, types.SaltSize)
	rand.Read(salt) // it never fails
	recordID = types.RecordID(account, salt)
	content, err := d.content(seal.RecordLabel(chainID, recordID, account), workers)
	if err != nil {
		return "", nil, err
	}
	return recordID, &types.MsgRegisterRecord{Owner: owner, Salt: salt, PoolId: poolID, Content: content}, nil
}

// NewVersion returns the message by which the owner of a record adds the draft as its next version; its location is
// sealed as Registration does.
func (d Draft) NewVersion(chainID, owner, recordID string, workers []types.Worker) (*types.MsgAddVersion, error) {
	account, err := tx.AddressCodec().StringToBytes(owner)
	if err != nil {
		return nil, fmt.Errorf("owner: %w", err)
	}
	content, err := d.content(seal.RecordLabel(chainID, recordID, account), workers)
	if err != nil {
		return nil, err
	}
	return &types.MsgAddVersion{Owner: owner, RecordId: recordID, Content: content}, nil
}

// content is what a version states: everything about the file that is public, and its sealed location. The label
// binds the sealed part to the record.
func (d Draft) content(label []byte, workers []types.Worker) (types.VersionContent, error) {
	if d.File == nil {
		return types.VersionContent{}, errors.New("draft: expected a local file, got a document alone")
	}
	if err := d.Refusal(); err != nil {
		return types.VersionContent{}, err
	}
	keys, err := publicKeys(workers)
	if err != nil {
		return types.VersionContent{}, err
	}
	plain, err := d.File.location.Marshal()
	if err != nil {
		return types.VersionContent{}, err
	}
	sealed, err := seal.Seal(label, plain, keys)
	clear(plain)
	if err != nil {
		return types.VersionContent{}, err
	}
	return types.VersionContent{
		Version:    d.Version,
		Dataset:    d.Dataset,
		Commitment: d.File.rowCommitment(),
		Location:   types.NewSealedLocation(sealed),
	}, nil
}
