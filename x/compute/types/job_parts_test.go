package types_test

import (
	"reflect"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cosmossdk.io/math"

	"github.com/alita-network/alita/x/compute/types"
)

// fill sets every field of a struct, and of the structs in it, to something else than zero.
func fill(t *testing.T, v reflect.Value) {
	t.Helper()
	for i := range v.NumField() {
		f := v.Field(i)
		if !f.CanSet() {
			continue
		}
		switch f.Interface().(type) {
		case math.Int:
			f.Set(reflect.ValueOf(math.NewInt(int64(i + 1))))
			continue
		case time.Time:
			f.Set(reflect.ValueOf(time.Unix(int64(i+1), 0)))
			continue
		}
		switch f.Kind() {
		case reflect.String:
			f.SetString(v.Type().Field(i).Name)
		case reflect.Int32, reflect.Int64:
			f.SetInt(int64(i + 1))
		case reflect.Uint32, reflect.Uint64:
			f.SetUint(uint64(i + 1))
		case reflect.Bool:
			f.SetBool(true)
		case reflect.Slice:
			f.Set(reflect.MakeSlice(f.Type(), 1, 1))
		case reflect.Pointer:
			f.Set(reflect.New(f.Type().Elem()))
		case reflect.Struct:
			fill(t, f)
		default:
			t.Fatalf("%s: a kind that this test does not know: %s", v.Type().Field(i).Name, f.Kind())
		}
	}
}

// Every field of a job is in one of its parts, including fields that are added later.
func TestPartsMakeTheJob(t *testing.T) {
	var job types.Job
	fill(t, reflect.ValueOf(&job).Elem())
	terms, question := job.Terms(), job.Question()
	require.Empty(t, terms.Spec.Input)
	require.Empty(t, terms.Spec.ReaderKey)
	joined := types.JoinJob(job.Id, terms, job.Seating(), job.Progress()).WithQuestion(question)
	require.Equal(t, job, joined)
	for i := range reflect.TypeOf(joined).NumField() {
		require.False(t, reflect.ValueOf(joined).Field(i).IsZero(), reflect.TypeOf(joined).Field(i).Name)
	}
}
