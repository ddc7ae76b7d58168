// A client of the suite that has just begun: Go 1.19, nothing but its own library.
//
//	go build beginning.go && endkey conform -- ./beginning
package main

import (
	"bufio"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
)

// Input is the member `in` of a request: bytes are hex, and a label is text.
type Input struct {
	Label                                                             string
	Data, Key, Context, Password, Salt, Root_key, Modulus, Verify_key Hex
	Iterations                                                        int
}

// Hex is bytes that stand as hex in JSON.
type Hex []byte

func (h *Hex) UnmarshalText(text []byte) (err error) {
	*h, err = hex.DecodeString(string(text))
	return err
}
func (h Hex) MarshalText() ([]byte, error) { return []byte(hex.EncodeToString(h)), nil }

func labelled(label string, data []byte) []byte {
	return append([]byte("endkey/1 "+label+"\x00"), data...)
}
func hash(label string, data []byte) []byte {
	sum := sha256.Sum256(labelled(label, data))
	return sum[:]
}
func mac(key []byte, parts ...[]byte) []byte {
	m := hmac.New(sha256.New, key)
	for _, part := range parts {
		m.Write(part)
	}
	return m.Sum(nil)
}
func hkdf(key, info []byte, count int) (out []byte) {
	secret, block := mac(make([]byte, 32), key), []byte{}
	for i := byte(1); len(out) < count; i++ {
		block = mac(secret, block, info, []byte{i})
		out = append(out, block...)
	}
	return out[:count]
}
func pbkdf2(password, salt []byte, iterations int) []byte {
	m := hmac.New(sha256.New, password)
	m.Write(binary.BigEndian.AppendUint32(append([]byte{}, salt...), 1))
	block := m.Sum(nil)
	out := append([]byte{}, block...)
	for i := 1; i < iterations; i++ {
		m.Reset()
		m.Write(block)
		block = m.Sum(block[:0])
		for j := range out {
			out[j] ^= block[j]
		}
	}
	return out
}
func derive(in Input) []byte {
	length := 32
	if in.Label == "token" {
		length = 64
	}
	return hkdf(in.Key, labelled(in.Label, in.Context), length)
}

var operations = map[string]func(Input) map[string]Hex{
	"hash":   func(in Input) map[string]Hex { return map[string]Hex{"hash": hash(in.Label, in.Data)} },
	"hmac":   func(in Input) map[string]Hex { return map[string]Hex{"mac": mac(in.Key, in.Data)} },
	"derive": func(in Input) map[string]Hex { return map[string]Hex{"key": derive(in)} },
	"pbkdf2": func(in Input) map[string]Hex {
		return map[string]Hex{"key": pbkdf2(in.Password, in.Salt, in.Iterations)}
	},
	"account-id": func(in Input) map[string]Hex {
		return map[string]Hex{"account_id": hash("account-id", in.Root_key)[:16]}
	},
	"agent-id": func(in Input) map[string]Hex {
		keys := append(append([]byte{}, in.Modulus...), in.Verify_key...)
		return map[string]Hex{"agent_id": hash("agent-id", keys)[:16]}
	},
}

func answer(cmd, op string, in json.RawMessage) map[string]any {
	if cmd == "hello" {
		names := []string{}
		for name := range operations {
			names = append(names, name)
		}
		return map[string]any{"v": 1, "client": map[string]string{"name": "beginning-go", "version": "0"}, "ops": names}
	}
	operation, known := operations[op]
	if !known {
		return map[string]any{"outcome": "unsupported", "reason": "not written yet"}
	}
	var given Input
	if err := json.Unmarshal(in, &given); err != nil {
		return map[string]any{"outcome": "error", "detail": err.Error()}
	}
	return map[string]any{"outcome": "ok", "out": operation(given)}
}

func main() {
	input := bufio.NewReader(os.Stdin) // a Scanner ends at lines of 64 KiB
	for {
		line, err := input.ReadBytes('\n')
		var request struct {
			Seq     int
			Cmd, Op string
			In      json.RawMessage
		}
		if err != nil || json.Unmarshal(line, &request) != nil || request.Cmd == "bye" {
			return
		}
		out := answer(request.Cmd, request.Op, request.In)
		out["seq"] = request.Seq
		text, _ := json.Marshal(out)
		fmt.Println(string(text))
	}
}
