/** Finding further cameras in the network, and adding them. */
import { navigate } from '../../client/router.tsx';
import { Page } from '../../ui/Page.tsx';
import { FindCameras } from './find/FindCameras.tsx';

export function FindCamerasPage() {
  return (
    <Page title="Find cameras" width="read" parent={{ to: '/cameras', label: 'Cameras' }}>
      <FindCameras onAdded={() => navigate('/cameras')} />
    </Page>
  );
}
