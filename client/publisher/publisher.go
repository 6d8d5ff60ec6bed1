package publisher

import (
	"context"

	"github.com/cosmos/gogoproto/proto"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/client/tx"
	"github.com/alita-network/alita/x/metadata/types"
)

// Publisher publishes or reviews as the account of a client. Every method sends one transaction and waits for its
// block; package client/tx says what an error leaves open.
type Publisher struct {
	Client *tx.Client
	// Pins remembers the keys of workers; the zero value does not.
	Pins Pins
}

// Registered is a version of a record on the chain.
type Registered struct {
	// RecordID is the id of the record.
	RecordID string
	// Version is its version, and Status whether it is admitted already.
	Version string
	Status  types.VersionStatus
	// Workers can open the file's location.
	Workers []types.Worker
	// Tx is the transaction.
	Tx *sdk.TxResponse
}

// Register registers a draft as a new record in a pool, and seals its location to the owner's registered workers: all
// of them, or the named ones. With a tx.ErrPending it returns the RecordID as well, by which the caller can look for
// the record.
func (p Publisher) Register(ctx context.Context, poolID uint64, d Draft, workers ...string) (Registered, error) {
	owner, chosen, err := p.workers(ctx, workers)
	if err != nil {
		return Registered{}, err
	}
	id, msg, err := d.Registration(p.Client.ChainID, owner, poolID, chosen)
	if err != nil {
		return Registered{}, err
	}
	var answer types.MsgRegisterRecordResponse
	res, err := p.send(ctx, msg, &answer)
	return Registered{RecordID: id, Version: d.Version, Status: answer.Status, Workers: chosen, Tx: res}, err
}

// workers asks for the workers of the owner who signs, whose keys must be the pinned ones.
func (p Publisher) workers(ctx context.Context, named []string) (owner string, chosen []types.Worker, err error) {
	if owner, err = p.Client.Address(); err != nil {
		return "", nil, err
	}
	state, _, err := p.Client.At(ctx)
	if err != nil {
		return "", nil, err
	}
	if chosen, err = Workers(ctx, state, owner, named...); err == nil {
		_, err = p.Pins.Check(chosen)
	}
	return owner, chosen, err
}

// AddVersion adds a draft to a record as its next version, and seals its location as Register does.
func (p Publisher) AddVersion(ctx context.Context, recordID string, d Draft, workers ...string) (Registered, error) {
	owner, chosen, err := p.workers(ctx, workers)
	if err != nil {
		return Registered{}, err
	}
	msg, err := d.NewVersion(p.Client.ChainID, owner, recordID, chosen)
	if err != nil {
		return Registered{}, err
	}
	var answer types.MsgAddVersionResponse
	res, err := p.send(ctx, msg, &answer)
	return Registered{RecordID: recordID, Version: d.Version, Status: answer.Status, Workers: chosen, Tx: res}, err
}

// Grant allows computing on a record under these terms, and returns the id of the grant. Everything that the terms do
// not allow is denied. Terms that the chain refuses are not sent.
func (p Publisher) Grant(ctx context.Context, recordID string, terms types.GrantTerms) (grantID uint64, err error) {
	owner, err := p.Client.Address()
	if err != nil {
		return 0, err
	}
	if err := terms.Normalize().Validate(tx.AddressCodec()); err != nil {
		return 0, err
	}
	var answer types.MsgGrantResponse
	_, err = p.send(ctx, &types.MsgGrant{Owner: owner, RecordId: recordID, Terms: terms}, &answer)
	return answer.GrantId, err
}

// Revoke ends a grant at once.
func (p Publisher) Revoke(ctx context.Context, recordID string, grantID uint64) error {
	owner, err := p.Client.Address()
	if err != nil {
		return err
	}
	_, err = p.send(ctx, &types.MsgRevokeGrant{Owner: owner, RecordId: recordID, GrantId: grantID}, &types.MsgRevokeGrantResponse{})
	return err
}

// Admit admits a pending version to the pool of its maker, and returns the reward that its owner got.
func (p Publisher) Admit(ctx context.Context, recordID, version string) (*types.MsgAdmitVersionResponse, error) {
	maker, err := p.Client.Address()
	if err != nil {
		return nil, err
	}
	var answer types.MsgAdmitVersionResponse
	if _, err := p.send(ctx, &types.MsgAdmitVersion{Maker: maker, RecordId: recordID, Version: version}, &answer); err != nil {
		return nil, err
	}
	return &answer, nil
}

// Refuse refuses a pending version; everybody can read the reason, of 1 to 512 bytes.
func (p Publisher) Refuse(ctx context.Context, recordID, version, reason string) error {
	maker, err := p.Client.Address()
	if err != nil {
		return err
	}
	msg := &types.MsgRefuseVersion{Maker: maker, RecordId: recordID, Version: version, Reason: reason}
	_, err = p.send(ctx, msg, &types.MsgRefuseVersionResponse{})
	return err
}

// send sends a message and reads its answer.
func (p Publisher) send(ctx context.Context, msg sdk.Msg, answer proto.Message) (*sdk.TxResponse, error) {
	res, err := p.Client.Send(ctx, msg)
	if err != nil {
		return nil, err
	}
	return res, tx.DecodeResponse(res, answer)
}
