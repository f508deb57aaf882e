/** What a line or a zone is about: everything, or some kinds of objects. */
import { t } from '@lingui/core/macro';
import { LABEL_GROUPS, type LabelGroup } from '../../../shared/domain-events.ts';
import { Checkbox } from '../../ui/Field.tsx';
import styles from './Panels.module.css';

const WORDS: Record<LabelGroup, string> = {
  person: t`People`,
  vehicle: t`Cars, buses and trucks`,
  cycle: t`Bicycles and motorcycles`,
  pet: t`Cats and dogs`,
};

export interface ObjectsChoiceProps {
  legend: string;
  /** undefined: all. */
  objects: readonly LabelGroup[] | undefined;
  onObjects(objects: LabelGroup[] | undefined): void;
}

/** The last kind cannot be taken away: a rule about nothing would be one that is off. */
export function ObjectsChoice({ legend, objects = LABEL_GROUPS, onObjects }: ObjectsChoiceProps) {
  return (
    <fieldset className={styles.objects}>
      <legend>{legend}</legend>
      {LABEL_GROUPS.map((group) => {
        const isChosen = objects.includes(group);
        return (
          <Checkbox
            key={group}
            label={WORDS[group]}
            checked={isChosen}
            disabled={isChosen && objects.length === 1}
            onChecked={(on) => {
              const chosen = LABEL_GROUPS.filter((one) => (one === group ? on : objects.includes(one)));
              onObjects(chosen.length === LABEL_GROUPS.length ? undefined : chosen);
            }}
          />
        );
      })}
    </fieldset>
  );
}
