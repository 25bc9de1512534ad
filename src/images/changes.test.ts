import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { applyChanges } from './changes.ts';

describe('changes of import and commit', () => {
  const cases: [lines: string[], expected: object][] = [
    [['CMD ["/x","y"]'], { Cmd: ['/x', 'y'] }],
    [['cmd echo "a b"'], { Cmd: ['/bin/sh', '-c', 'echo "a b"'] }],
    [['ENTRYPOINT ["/e"]'], { Entrypoint: ['/e'] }],
    [['ENV A=1 B="two words"', 'ENV A=3'], { Env: ['B=two words', 'A=3'] }],
    [['ENV A the rest'], { Env: ['A=the rest'] }],
    [["LABEL a=b 'c d'='e f'"], { Labels: { a: 'b', 'c d': 'e f' } }],
    [
      ['EXPOSE 80 53/udp 8000-8002'],
      { ExposedPorts: { '80/tcp': {}, '53/udp': {}, '8000/tcp': {}, '8001/tcp': {}, '8002/tcp': {} } },
    ],
    [
      ['VOLUME /data /more', 'VOLUME ["/third one"]'],
      { Volumes: { '/data': {}, '/more': {}, '/third one': {} } },
    ],
    [['WORKDIR /w', 'WORKDIR sub'], { WorkingDir: '/w/sub' }],
    [['USER 5:6'], { User: '5:6' }],
    [['STOPSIGNAL SIGINT'], { StopSignal: 'SIGINT' }],
    [['ONBUILD RUN x'], { OnBuild: ['RUN x'] }],
    [['HEALTHCHECK NONE'], { Healthcheck: { Test: ['NONE'] } }],
    [
      ['HEALTHCHECK --interval=1m30s --retries=2 CMD ["a","b"]'],
      { Healthcheck: { Interval: 90e9, Retries: 2, Test: ['CMD', 'a', 'b'] } },
    ],
    [['# a comment\nUSER a\\\nb\n\nWORKDIR /x'], { User: 'ab', WorkingDir: '/x' }],
  ];
  for (const [lines, expected] of cases) {
    it(`takes ${lines.join(' then ').replaceAll('\n', '\\n')}`, () => {
      assert.deepEqual(applyChanges({}, lines), expected);
    });
  }

  const refused: [line: string, message: RegExp][] = [
    ['RUN true', /^RUN is not a valid change command$/],
    ['nonsense x', /^NONSENSE is not a valid change command$/],
    ['CMD', /^CMD requires at least one argument$/],
    ['ENV A', /^ENV must have two arguments$/],
    ['LABEL =x', /^LABEL names can not be blank$/],
    ['ENV A=1 B', /can't find = in "B"/],
    ['EXPOSE 99999', /^invalid containerPort: 99999$/],
    ['EXPOSE 80/x', /^invalid proto: x$/],
    ['ONBUILD FROM x', /isn't allowed as an ONBUILD trigger$/],
    ['HEALTHCHECK --interval=x CMD true', /^time: invalid duration "x"$/],
    ['HEALTHCHECK true', /^unknown type "true" in HEALTHCHECK \(try CMD\)$/],
  ];
  for (const [line, message] of refused) {
    it(`refuses ${line}`, () => {
      assert.throws(() => applyChanges({}, [line]), { kind: 'invalid-argument', message });
    });
  }

  it('leaves the config it is given alone', () => {
    const base = { Env: ['A=1'], Labels: { x: 'y' } };
    assert.deepEqual(applyChanges(base, ['ENV B=2', 'LABEL z=1']), {
      Env: ['A=1', 'B=2'],
      Labels: { x: 'y', z: '1' },
    });
    assert.deepEqual(base, { Env: ['A=1'], Labels: { x: 'y' } });
  });
});
